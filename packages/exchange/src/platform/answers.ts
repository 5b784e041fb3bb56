import { z } from 'zod'
import type { ErrorCode } from './errors.ts'

/** The five fields of every successful POST and PATCH; the status is 200, never 201 (contract connect-api 1.2). */
export const doneOutput = z.object({
  code: z.literal('TechnicalEndpointSuccess'),
  state: z.enum(['inserted', 'updated']),
  kpn_ticket_number: z.string(),
  customer_reference_number: z.string(),
  note: z.string(),
})

export type Done = z.output<typeof doneOutput>

/** `Incident INC#0010001 has been created;` */
export function done(state: Done['state'], word: string, number: string, reference: string): Done {
  return {
    code: 'TechnicalEndpointSuccess',
    state,
    kpn_ticket_number: number,
    customer_reference_number: reference,
    note: `${word} ${number} has been ${state === 'inserted' ? 'created' : 'updated'};`,
  }
}

/** Lengths in characters, refused beyond, never cut. */
export const LONGEST = { shortDescription: 160, text: 4_000, reference: 64, number: 60, person: 100, name: 160 } as const

/** What any request of a partner that carries a body may be refused with. */
export const WRITE_ERRORS = [
  'malformed_json',
  'duplicate_key',
  'invalid_field',
  'invalid_base64',
  'refused_by_service_desk',
  'invalid_token',
  'not_in_agreement',
  'record_deleted',
  'key_reused',
  'too_large',
  'unsupported_media_type',
  'quota_exceeded',
  'too_many_files',
  'internal',
  'exchange_unavailable',
  'service_desk_unavailable',
  'outcome_unknown',
  'left_out_by_service_desk',
  'spool_full',
  'queue_busy',
] as const satisfies readonly ErrorCode[]

/** What a request about a record that is there may be refused with. */
export const UPDATE_ERRORS = [
  ...WRITE_ERRORS,
  'reference_mismatch',
  'number_cut_off',
  'not_found',
  'record_closed',
  'other_reference',
  'other_response',
] as const satisfies readonly ErrorCode[]
