import { strict as assert } from 'node:assert'
import type { Sentence } from './scene.ts'

const CLOSED_COMPLETE = '3'

/** A provider works a task of the ticket. */
export const THE_PROVIDER: readonly Sentence[] = [
  {
    says: 'The desk gives a task to the provider’s solver group; the provider reads New and answers with its own number',
    happens: async scene => {
      const { desk, provider, incidentId, ticket, solverGroup } = scene
      const created = await desk.incidentTask.create({
        values: { incident: incidentId!, short_description: 'Check the cable in the basement', assignment_group: solverGroup },
      })
      scene.taskId = created.sys_id!
      const task = { kpn_ticket_number: created.number!.replace('TASK', 'TASK#'), customer_reference_number: provider.newReference() }
      const told = await provider.updates.until(task.kpn_ticket_number, 'New')
      assert.equal(told.ticket_attributes?.parent_kpn_ticket_number, ticket!.kpn_ticket_number)
      await provider.client.respondToTask({ ...task, transaction_id: told.transaction_id, status: 'Success' })
      const { correlation_display } = await desk.incidentTask.get({ sysId: scene.taskId })
      assert.equal(correlation_display, task.customer_reference_number)
      scene.task = task
    },
  },
  {
    says: 'The provider works on it; its comment reaches the customer, its work note does not',
    happens: async ({ provider: { client }, customer, task, ticket }) => {
      const comment = 'The cable is replaced.'
      await client.workTask({ ...task!, action: 'In Progress' })
      await client.workTask({ ...task!, action: 'Worknote', worknotes: 'The key is under the mat.' })
      await client.workTask({ ...task!, action: 'Comment', comment })
      await customer.updates.until(ticket!.kpn_ticket_number, 'Comment', told => told.ticket_attributes?.comments === comment)
      assert.ok(!JSON.stringify(customer.updates.all).includes('under the mat'))
    },
  },
  {
    says: 'The provider closes the task, and the desk sees it closed',
    happens: async ({ provider, desk, task, taskId }) => {
      await provider.client.workTask({ ...task!, action: 'Closed Complete', close_notes: 'Cable replaced.' })
      const { state, close_notes } = await desk.incidentTask.get({ sysId: taskId! })
      assert.deepEqual({ state, close_notes }, { state: CLOSED_COMPLETE, close_notes: 'Cable replaced.' })
    },
  },
]
