import type { AttachmentDetails } from './attachments/incoming-attachment.ts'
import type { CallOptions, CallSettings, WriteOptions } from './calling/call.ts'
import type { Patience } from './calling/repetition.ts'
import { SignIn, withGrantType } from './calling/sign-in.ts'
import type { TaskResponse, TaskWork } from './messages/task.ts'
import type { NewTicket, Receipt, TicketComment, TicketDetails, TicketResponse, TicketSummary } from './messages/ticket.ts'
import type { TicketUpdate } from './messages/ticket-update.ts'
import { fileTicket } from './operations/file-ticket.ts'
import { type Attachment, getAttachment, saveAttachment } from './operations/get-attachment.ts'
import { getTicket } from './operations/get-ticket.ts'
import { listOpenTickets } from './operations/list-open-tickets.ts'
import { sendPatch } from './operations/patch.ts'
import { readTicketUpdates, type UpdateQuestion } from './operations/ticket-updates.ts'

/** KPN's own paths (contract 3.1, 3.3), which this exchange serves too. */
const TOKEN_PATH = '/oauth/client_credential/accesstoken'
const API_PATH = '/network/kpn/servicenow'

/** Where the service is: a Deskbridge exchange by its host, or any other service by its two addresses. */
export type ServiceAddress =
  | { exchange: string; baseUrl?: undefined; tokenUrl?: undefined }
  | { exchange?: undefined; baseUrl: string; tokenUrl: string }

/** Where the service is, the credential of one project, and how long to wait for what. */
export type ClientOptions = ServiceAddress & {
  clientId: string
  clientSecret: string
  /** In place of the global one: a proxy, a test, a handler in the same process. */
  fetch?: typeof globalThis.fetch | undefined
  /** How long the service may be silent, in milliseconds; a body that moves is not silent. Default 35,000: the exchange itself gives up after 30 s and says so. */
  timeoutMs?: number | undefined
  /** Default: 5 attempts, first wait 500 ms, longest wait 60 s. */
  patience?: Partial<Patience> | undefined
  /**
   * Whether the service recognises a write that it has already carried out. An exchange does, so writes are repeated also when it
   * is not known whether the first one arrived. Of a service given by `baseUrl` nothing is known (contract 6, point 8): there a
   * write is repeated only when it certainly was not carried out (429, 401, no connection).
   */
  knowsRepeatedWrites?: boolean | undefined
  /** The `api-version` header (contract 1.2); left out, the service uses its latest. */
  apiVersion?: string | undefined
  /** Told what the service says in a `warnings` header, and at which operation. */
  onWarning?: ((warning: string, operation: string) => void) | undefined
}

/** The seven operations of the Connect API (first seed 1.2). Each rejects with ConnectError, or with its signal's reason. */
export interface ConnectClient {
  /** Says whose queue this client reads; a poller's folder remembers it. */
  readonly queue: string
  /** POST /Ticket. Safe to call again with the same ticket: the reference is filed once. */
  fileTicket(ticket: NewTicket, options?: CallOptions): Promise<Receipt>
  /** PATCH /Ticket, action Comment. */
  commentOnTicket(comment: TicketComment, options?: WriteOptions): Promise<Receipt>
  /** PATCH /Ticket, action Response: mandatory for each New ticket. */
  respondToTicket(response: TicketResponse, options?: WriteOptions): Promise<Receipt>
  /** GET /Ticket. A number that is not yours, or not there, is a ConnectError with status 404. */
  getTicket(number: string, options?: CallOptions): Promise<TicketDetails>
  /** GET /ListOpenTickets. */
  listOpenTickets(options?: CallOptions): Promise<TicketSummary[]>
  /** GET /TicketUpdates. Without from, since or ack it consumes what it reads and is never repeated; the poller is the safe way. */
  ticketUpdates(question?: UpdateQuestion, options?: CallOptions): Promise<TicketUpdate[]>
  /** GET /GetAttachment/{id}, decoded, in memory. */
  getAttachment(id: string, options?: CallOptions): Promise<Attachment>
  /** GET /GetAttachment/{id}, decoded as it arrives into a file (its path) or a stream; memory stays bounded. */
  saveAttachment(id: string, to: string | WritableStream<Uint8Array>, options?: CallOptions): Promise<AttachmentDetails>
  /** PATCH /Task, every action but Response. */
  workTask(work: TaskWork, options?: WriteOptions): Promise<Receipt>
  /** PATCH /Task, action Response: the answer to a New task. */
  respondToTask(response: TaskResponse, options?: WriteOptions): Promise<Receipt>
}

/** A client for one credential, and so for one partner and environment. Nothing is sent before the first call. */
export function connectClient(options: ClientOptions): ConnectClient {
  const { baseUrl, tokenUrl } = addresses(options)
  const { clientId, clientSecret, fetch = globalThis.fetch, timeoutMs = 35_000 } = options
  const patience = { attempts: 5, firstWaitMs: 500, longestWaitMs: 60_000, ...options.patience }
  const settings: CallSettings = {
    baseUrl,
    fetch,
    timeoutMs,
    patience,
    signIn: new SignIn({ tokenUrl, clientId, clientSecret, fetch, timeoutMs, patience }),
    knowsRepeatedWrites: options.knowsRepeatedWrites ?? options.exchange !== undefined,
    apiVersion: options.apiVersion,
    onWarning: options.onWarning,
  }
  return {
    queue: `${clientId} at ${baseUrl}`,
    fileTicket: (ticket, more) => fileTicket(settings, ticket, more),
    commentOnTicket: (comment, more) => sendPatch(settings, '/Ticket', { ...comment, action: 'Comment' }, more),
    respondToTicket: (response, more) => sendPatch(settings, '/Ticket', { ...response, action: 'Response' }, more),
    getTicket: (number, more) => getTicket(settings, number, more),
    listOpenTickets: more => listOpenTickets(settings, more),
    ticketUpdates: (question, more) => readTicketUpdates(settings, question, more),
    getAttachment: (id, more) => getAttachment(settings, id, more),
    saveAttachment: (id, to, more) => saveAttachment(settings, id, to, more),
    workTask: (work, more) => sendPatch(settings, '/Task', work, more),
    respondToTask: (response, more) => sendPatch(settings, '/Task', { ...response, action: 'Response' }, more),
  }
}

function addresses(options: ServiceAddress): { baseUrl: string; tokenUrl: string } {
  if (options.exchange !== undefined) {
    const host = withoutSlash(options.exchange)
    return { baseUrl: host + API_PATH, tokenUrl: withGrantType(host + TOKEN_PATH) }
  }
  return { baseUrl: withoutSlash(options.baseUrl), tokenUrl: withGrantType(options.tokenUrl) }
}

function withoutSlash(url: string): string {
  return new URL(url).toString().replace(/\/+$/, '')
}
