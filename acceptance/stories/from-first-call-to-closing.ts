import { strict as assert } from 'node:assert'
import { randomBytes } from 'node:crypto'
import type { Desk, DeskRecord } from '../system/desk.ts'
import type { OpenSystem } from '../system/open-system.ts'
import { type AttachedFile, carried, type Partner } from '../system/partner.ts'
import { INCIDENT_WORK } from './desk-work.ts'
import type { Step, Story } from './story.ts'
import { accepted, assignedTo, type KnownTask, worked } from './tasks.ts'
import { commented, type FiledTicket, filed } from './tickets.ts'

interface Scene {
  system: OpenSystem
  customer: Partner
  provider: Partner
  desk: Desk
  screenshot: AttachedFile
  ticket?: FiledTicket
  incident?: DeskRecord
  task?: KnownTask
}

const until = async ({ customer, ticket }: Scene, action: string) => customer.updates.until({ number: ticket!.number, action })

const THE_CUSTOMER: readonly Step<Scene>[] = [
  {
    says: 'A customer’s system gets a token with its client id and secret',
    happens: async ({ customer }) => {
      assert.ok((await customer.token()).length > 20)
    },
  },
  {
    says: 'It files an incident with a screenshot',
    happens: async scene => {
      const { customer, screenshot } = scene
      scene.ticket = await filed(customer, {
        short_description: 'Win11 L drive: cannot be added',
        description: 'Since this morning.\nTwo colleagues have it too.',
        priority: '2 - High',
        attachments: [carried(screenshot)],
      })
    },
  },
  {
    says: 'The service desk finds it in ServiceNow, screenshot and all',
    happens: async scene => {
      const { desk, ticket, screenshot } = scene
      scene.incident = await desk.record(ticket!.number)
      assert.equal(scene.incident.fields.description, 'Since this morning.\nTwo colleagues have it too.')
      assert.equal(scene.incident.fields.correlation_display, ticket!.reference)
      const [file, ...others] = await desk.filesOf(scene.incident)
      assert.equal(others.length, 0)
      assert.deepEqual(Buffer.from(await desk.bytesOf(file!.sys_id!)), Buffer.from(screenshot.bytes))
    },
  },
  {
    says: 'The desk starts working on it and says so; the customer reads In Progress with the comment',
    happens: async scene => {
      await scene.desk.change(scene.incident!, { ...INCIDENT_WORK.start, comments: 'We are on it.' })
      const told = await until(scene, 'In Progress')
      assert.equal(told.ticket_attributes.comments, 'We are on it.')
      assert.equal(told.customer_reference_number, scene.ticket!.reference)
    },
  },
  {
    says: 'The customer comments, and the desk reads it',
    happens: async ({ customer, desk, ticket, incident }) => {
      await commented(customer, ticket!, 'It works again in the afternoon, then not.')
      assert.ok((await desk.journal(incident!, 'comments')).includes('It works again in the afternoon, then not.'))
    },
  },
  {
    says: 'The desk adds a file, and the customer fetches it byte for byte',
    happens: async scene => {
      const bytes = randomBytes(5_000)
      await scene.desk.attach(scene.incident!, { name: 'how-to.pdf', bytes, contentType: 'application/pdf' })
      const told = await until(scene, 'Attachment')
      const { status, body } = await scene.customer.getAttachment(told.ticket_attributes.attachments[0].attachment_id)
      assert.equal(status, 200)
      assert.equal(body.name, 'how-to.pdf')
      assert.deepEqual(Buffer.from(body.content, 'base64'), bytes)
    },
  },
  {
    says: 'The desk asks for more and waits; the customer answers, and the incident is in progress again',
    happens: async scene => {
      const { customer, desk, ticket, incident } = scene
      await desk.change(incident!, { ...INCIDENT_WORK.awaitCaller, comments: 'Which office?' })
      const told = await until(scene, 'On Hold')
      assert.equal(told.ticket_attributes.on_hold_reason, 'Awaiting Caller')
      await commented(customer, ticket!, 'Utrecht.')
      assert.equal((await desk.read(incident!)).fields.state, INCIDENT_WORK.start.state)
    },
  },
]

const THE_PROVIDER: readonly Step<Scene>[] = [
  {
    says: 'The desk gives a task to the provider’s solver group; the provider reads New and answers with its own number',
    happens: async scene => {
      const { system, desk, provider, incident, ticket } = scene
      const task = await assignedTo(system.firstSteps.provider.solverGroup, desk, incident!)
      scene.task = await accepted(provider, task)
      const told = await provider.updates.until({ number: scene.task.number, action: 'New' })
      assert.equal(told.ticket_attributes.parent_kpn_ticket_number, ticket!.number)
      assert.equal((await desk.read(task)).fields.correlation_display, scene.task.reference)
    },
  },
  {
    says: 'The provider works on it; its comment reaches the customer, its work note does not',
    happens: async scene => {
      const { provider, customer, task, ticket } = scene
      await worked(provider, task!, { action: 'In Progress' })
      await worked(provider, task!, { action: 'Worknote', worknotes: 'The key is under the mat.' })
      await worked(provider, task!, { action: 'Comment', comment: 'The cable is replaced.' })
      await customer.updates.until(
        ({ kpn_ticket_number, ticket_attributes }) =>
          kpn_ticket_number === ticket!.number && ticket_attributes.comments === 'The cable is replaced.',
      )
      assert.ok(!JSON.stringify(customer.updates.heard).includes('under the mat'))
    },
  },
  {
    says: 'The provider closes the task, and the desk sees it closed',
    happens: async ({ provider, desk, task }) => {
      await worked(provider, task!, { action: 'Closed Complete', close_notes: 'Cable replaced.' })
      const { fields } = await desk.record(task!.number)
      assert.equal(fields.state, '3')
      assert.equal(fields.close_notes, 'Cable replaced.')
    },
  },
]

const THE_END: readonly Step<Scene>[] = [
  {
    says: 'The desk resolves the incident and closes it; the customer reads both, in that order',
    happens: async scene => {
      const { desk, customer, incident, ticket } = scene
      await desk.change(incident!, { ...INCIDENT_WORK.resolve })
      const resolved = await until(scene, 'Resolved')
      assert.equal(resolved.ticket_attributes.resolution_notes, INCIDENT_WORK.resolve.close_notes)
      await desk.change(incident!, { ...INCIDENT_WORK.close })
      await until(scene, 'Closed')
      assert.deepEqual(
        customer.updates
          .of(ticket!.number)
          .map(update => update.action)
          .slice(-2),
        ['Resolved', 'Closed'],
      )
    },
  },
  {
    says: 'Another customer, and the same customer’s production, have seen nothing of it',
    happens: async ({ system, ticket }) => {
      for (const stranger of [system.partner('otherCustomer'), system.partner('productionCustomer')]) {
        await stranger.updates.listen()
        assert.ok(!stranger.updates.heard.some(update => update.customer_reference_number === ticket!.reference))
        const { status, body } = await stranger.readTicket(ticket!.number)
        assert.ok(status === 404 || body.result[0].customer_reference_number !== ticket!.reference)
      }
    },
  },
]

/** One incident, from the customer's first call to closing, with a provider's part in it. `deskbridge smoke` tells it too. */
export const FROM_FIRST_CALL_TO_CLOSING: Story<Scene> = {
  open: system => ({
    system,
    customer: system.partner('customer'),
    provider: system.partner('provider'),
    desk: system.desk('sandbox'),
    screenshot: { name: 'screenshot.png', bytes: randomBytes(20_000), contentType: 'image/png' },
  }),
  steps: [...THE_CUSTOMER, ...THE_PROVIDER, ...THE_END],
}
