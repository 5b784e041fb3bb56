import { strict as assert } from 'node:assert'
import { ConnectError } from '@deskbridge/connect'
import type { Partner, Scene, Sentence } from './scene.ts'

/** Whether a partner can read the ticket: of another one's number it hears 404, or a ticket of its own. */
async function reads(
  { client }: Partner,
  { kpn_ticket_number, customer_reference_number }: NonNullable<Scene['ticket']>,
): Promise<boolean> {
  try {
    return (await client.getTicket(kpn_ticket_number)).customer_reference_number === customer_reference_number
  } catch (error) {
    if (error instanceof ConnectError && error.status === 404) return false
    throw error
  }
}

/** The ticket ends, and nobody else has seen it. */
export const THE_END: readonly Sentence[] = [
  {
    says: 'The desk resolves the incident and closes it; the customer reads both, in that order',
    happens: async ({ desk, customer, incidentId, ticket }) => {
      const closeNotes = 'The drive was mapped again.'
      await desk.incident.resolve({ sysId: incidentId!, closeCode: 'Solution provided', closeNotes })
      const resolved = await customer.updates.until(ticket!.kpn_ticket_number, 'Resolved')
      assert.equal(resolved.ticket_attributes?.resolution_notes, closeNotes)
      await desk.incident.close({ sysId: incidentId! })
      await customer.updates.until(ticket!.kpn_ticket_number, 'Closed')
      const told = customer.updates.of(ticket!.kpn_ticket_number).map(({ action }) => action)
      assert.deepEqual(told.slice(-2), ['Resolved', 'Closed'])
    },
  },
  {
    says: 'Another customer, and the same customer’s production, have seen nothing of it',
    happens: async ({ strangers, ticket }) => {
      for (const stranger of strangers) {
        await stranger.updates.listen()
        const heard = stranger.updates.all.map(({ customer_reference_number }) => customer_reference_number)
        assert.ok(!heard.includes(ticket!.customer_reference_number))
        assert.equal(await reads(stranger, ticket!), false)
      }
    },
  },
]
