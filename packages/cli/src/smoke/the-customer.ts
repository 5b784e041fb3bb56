import { strict as assert } from 'node:assert'
import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Scene, Sentence } from './scene.ts'

const IN_PROGRESS = '2'

/** The words of a record's comments, as the desk reads them. */
async function commentsOf({ desk, incidentId }: Scene): Promise<string[]> {
  const { rows } = await desk.journal.list({ recordIds: [incidentId!], element: 'comments' })
  return rows.map(({ value }) => value)
}

/** The customer files, the desk works, both talk. */
export const THE_CUSTOMER: readonly Sentence[] = [
  {
    says: 'A customer’s system signs in with its client id and secret, and lists its open tickets',
    happens: async ({ customer }) => {
      assert.ok(Array.isArray(await customer.client.listOpenTickets()))
    },
  },
  {
    says: 'It files an incident with a screenshot',
    happens: async scene => {
      const { customer, screenshot } = scene
      const customer_reference_number = customer.newReference()
      const receipt = await customer.client.fileTicket({
        ticket_type: 'Incident',
        customer_reference_number,
        service: scene.service,
        short_description: 'Win11 L drive: cannot be added',
        description: 'Since this morning.\nTwo colleagues have it too.',
        priority: '2 - High',
        attachments: [screenshot],
      })
      assert.equal(receipt.state, 'inserted')
      assert.equal(receipt.customer_reference_number, customer_reference_number)
      scene.ticket = { kpn_ticket_number: receipt.kpn_ticket_number, customer_reference_number }
    },
  },
  {
    says: 'The service desk finds it in ServiceNow, screenshot and all',
    happens: async scene => {
      const { desk, ticket, screenshot } = scene
      const incident = await desk.incident.getByNumber({ number: ticket!.kpn_ticket_number.replace('#', '') })
      scene.incidentId = incident.sys_id!
      assert.equal(incident.description, 'Since this morning.\nTwo colleagues have it too.')
      assert.equal(incident.correlation_display, ticket!.customer_reference_number)
      const [file, ...others] = (await desk.attachment.list({ recordIds: [scene.incidentId] })).rows
      assert.equal(others.length, 0)
      const { body } = await desk.attachment.download({ sysId: file!.sys_id })
      assert.deepEqual(await buffer(body), Buffer.from(screenshot.bytes))
    },
  },
  {
    says: 'The desk starts working on it and says so; the customer reads In Progress with the comment',
    happens: async ({ desk, customer, incidentId, ticket }) => {
      await desk.incident.startWork({ sysId: incidentId!, comment: 'We are on it.' })
      const told = await customer.updates.until(ticket!.kpn_ticket_number, 'In Progress')
      assert.equal(told.ticket_attributes?.comments, 'We are on it.')
      assert.equal(told.customer_reference_number, ticket!.customer_reference_number)
    },
  },
  {
    says: 'The customer comments, and the desk reads it',
    happens: async scene => {
      const comment = 'It works again in the afternoon, then not.'
      await scene.customer.client.commentOnTicket({ ...scene.ticket!, comment })
      assert.ok((await commentsOf(scene)).includes(comment))
    },
  },
  {
    says: 'The desk adds a file, and the customer fetches it byte for byte',
    happens: async ({ desk, customer, incidentId, ticket }) => {
      const file = { name: 'how-to.pdf', contentType: 'application/pdf', body: new Uint8Array(randomBytes(5_000)) }
      await desk.attachment.upload({ table: 'incident', sysId: incidentId!, ...file })
      const told = await customer.updates.until(ticket!.kpn_ticket_number, 'Attachment')
      const fetched = await customer.client.getAttachment(told.ticket_attributes!.attachments![0]!.attachment_id)
      assert.equal(fetched.name, file.name)
      assert.deepEqual(Buffer.from(fetched.bytes), Buffer.from(file.body))
    },
  },
  {
    says: 'The desk asks for more and waits; the customer answers, and the incident is in progress again',
    happens: async ({ desk, customer, incidentId, ticket }) => {
      await desk.incident.putOnHold({ sysId: incidentId!, reason: 'caller', comment: 'Which office?' })
      const told = await customer.updates.until(ticket!.kpn_ticket_number, 'On Hold')
      assert.equal(told.ticket_attributes?.on_hold_reason, 'Awaiting Caller')
      await customer.client.commentOnTicket({ ...ticket!, comment: 'Utrecht.' })
      assert.equal((await desk.incident.get({ sysId: incidentId! })).state, IN_PROGRESS)
    },
  },
]
