import { z } from 'zod'

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
