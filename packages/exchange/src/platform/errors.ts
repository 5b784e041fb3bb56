/**
 * Every error a caller can get, on one page: code, HTTP status, what to do about it. Codes are stable; sentences may improve.
 * The body is `{"error":{"code","message","hint"}}` (contract connect-api 1.2 "Everywhere": code is a string).
 */
export const ERRORS = {
  malformed_json: [400, 'Send one JSON object as RFC 8259 describes it, in UTF-8.'],
  duplicate_key: [400, 'Name each member of an object once.'],
  invalid_field: [400, 'Correct the named field and send the request again.'],
  invalid_base64: [400, 'Encode the file with standard base64 (RFC 4648, section 4) and its padding; line breaks in it do no harm.'],
  unknown_service: [400, 'Use one of the services of your agreement.'],
  not_matched: [400, 'Use a name that the service desk knows for your organisation, or leave the field out.'],
  not_a_company: [400, 'Choose a record of GET /operator/organisations/candidates, in the same environment.'],
  invalid_agreement: [400, 'Correct the terms that are named. Nothing was changed.'],
  invalid_csv: [400, 'Correct the lines that are named and send the whole file again. Nothing was changed.'],
  reference_mismatch: [400, 'Use the customer_reference_number that belongs to this kpn_ticket_number.'],
  number_cut_off: [400, 'In a URL the character # must be written %23, for example INC%230010001.'],
  refused_by_service_desk: [
    400,
    'The same request will be refused again. Change what the message names, or ask the service desk what it needs.',
  ],
  invalid_request: [400, 'Correct the token request as RFC 6749, section 4.4 describes it.'],
  unsupported_grant_type: [400, 'Use grant_type=client_credentials.'],
  invalid_client: [401, 'Check the client id and the client secret of your project.'],
  invalid_token: [401, 'Ask for a new access token and send it as "Authorization: Bearer …".'],
  sign_in_required: [401, 'Sign in with the e-mail address and password of an operator, or with a token of the operator’s.'],
  read_only_token: [403, 'Use a token of scope write, or sign in as a person of the operator.'],
  person_required: [403, 'Sign in with the e-mail address and password of a person of the operator: no token changes who may enter.'],
  not_in_agreement: [403, 'Ask the operator to change your agreement.'],
  other_site: [403, 'Use a page of the exchange itself, or a program.'],
  organisation_not_mapped: [
    403,
    'Ask the operator to map your organisation to its company or account in the service desk. Nothing stands in for it.',
  ],
  not_found: [404, 'Check the number or id; you can only see what is yours now.'],
  invalid_path: [400, 'Write the path as /openapi.json has it, without dot segments, each parameter percent-encoded once.'],
  no_such_path: [404, 'See /openapi.json for the operations there are.'],
  method_not_allowed: [405, 'See /openapi.json for the operations there are.'],
  reference_taken: [409, 'Use a new customer_reference_number for a new ticket.'],
  other_reference: [409, 'This record already has another customer_reference_number from you.'],
  other_response: [409, 'This update already has another Response from you.'],
  mapping_taken: [409, 'Choose another record, or take the mapping of the other organisation away first.'],
  key_reused: [409, 'Use a new Idempotency-Key for a new request.'],
  changed_meanwhile: [409, 'Read it again, and propose your change to what it is now.'],
  name_taken: [409, 'Choose another name, or change the one that has it.'],
  project_ended: [409, 'Make a new project for the partner.'],
  too_many_secrets: [409, 'Revoke one that is not used any more, then add the new one.'],
  last_operator: [409, 'Add another person first: somebody must be left who administers the exchange.'],
  connection_in_use: [
    409,
    'Name another connection in the setting that the message names, restart every exchange process, and send the request again.',
  ],
  credentials_do_not_work: [409, 'Change what the problems say, here or in ServiceNow, and send the request again.'],
  record_deleted: [409, 'File a new ticket, under a new customer_reference_number, if there is more to do.'],
  record_closed: [409, 'The record is closed; file a new ticket if there is more to do.'],
  too_large: [413, 'Send less in one request.'],
  unsupported_media_type: [415, 'Send "Content-Type: application/json".'],
  quota_exceeded: [429, 'Wait until the moment in the Retry-After header.'],
  too_many_files: [
    429,
    'Wait until files of your project have reached the service desk, then send the same request again. Nothing was done.',
  ],
  too_many_wrong_secrets: [429, 'Wait a minute, then check the name and the secret.'],
  internal: [500, 'Send the same request again later; it is safe. If it stays, tell the operator the time of the request.'],
  exchange_unavailable: [503, 'Nothing was done. Send the same request again after the seconds in the Retry-After header.'],
  service_desk_unavailable: [503, 'Nothing was done. Send the same request again later.'],
  outcome_unknown: [503, 'Send the same request again: it is safe, and it will not be done twice.'],
  left_out_by_service_desk: [
    503,
    'Send the same request again: only what is missing is added. If it stays, tell the operator; its service desk does not let this be written.',
  ],
  key_unusable: [503, 'Start the exchange with the key that sealed the credentials (DESKBRIDGE_KEY), or save them again.'],
  spool_full: [503, 'Nothing was done. Send the same request again later.'],
  queue_busy: [503, 'Send the same request again.'],
} as const satisfies Record<string, readonly [status: number, hint: string]>

export type ErrorCode = keyof typeof ERRORS

export interface ErrorDetail {
  /** The field or parameter that was wrong. */
  field?: string
  /** Overrides the code's general hint. */
  hint?: string
  /** Seconds, sent as Retry-After. */
  retryAfter?: number
  /** Further members of the error object that a program can use. */
  extra?: Record<string, unknown>
  headers?: Record<string, string>
  /** Never leaves the log. */
  cause?: unknown
}

/** An error that a caller reads. The message names what was wrong and where. */
export class ExchangeError extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause })
    this.name = 'ExchangeError'
    this.code = code
    this.detail = detail
  }

  get status(): number {
    return ERRORS[this.code][0]
  }

  get body(): { error: Record<string, unknown> } {
    const { field, hint = ERRORS[this.code][1], extra } = this.detail
    return { error: { code: this.code, message: this.message, hint, ...(field ? { field } : {}), ...extra } }
  }
}
