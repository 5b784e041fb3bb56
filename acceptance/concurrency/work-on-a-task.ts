import { setTimeout as pause } from 'node:timers/promises'
import { patiently } from '../faults/desk-agent.ts'
import { type PlayedOn, untilAnswered } from '../faults/socket-system.ts'
import { assignedTo } from '../stories/tasks.ts'
import { shown } from '../stories/tickets.ts'
import type { Body } from '../system/partner.ts'
import type { Happening, Story } from './told-history.ts'
import { PATIENT_MS, TOLD_WITHIN_MS, type WorkerParts } from './worker-parts.ts'

/** Whoever stood still for 40 s, and was away before and after it, has done it by then. */
const CARRIED_WITHIN_MS = 90_000

/** What the exchange knows of a task, and of the comments that it puts on tickets. */
const knownOf = async ({ rows }: PlayedOn, { sys_id }: { sys_id: string }) => ({
  captured: await rows('select * from exchange.captured_record where sys_id = $1', [sys_id]),
  due: await rows('select * from exchange.capture_due where sys_id = $1', [sys_id]),
  carried: await rows(`select * from exchange.recorded_write where operation = 'carry-comment' order by place`),
})

/** Words on a task; beside the two digits of a step so that none is said twice in a history. */
const wordOf = (word: string, turn: number) => `${word}0${turn}`

/**
 * The desk gives a task of this ticket to the provider, who answers, works on it and closes it. What either comments on it the exchange puts
 * on the ticket too, whose partner is told of it: `onTicket` takes that down.
 */
export async function workOnTask(
  parts: WorkerParts,
  ticket: Story,
  word: string,
  onTicket: (happening: Pick<Happening, 'did' | 'by' | 'told' | 'at' | 'comment'>) => void,
): Promise<void> {
  const { system, turns, queues, skipped } = parts
  const { desk } = system.instance
  const group = system.exchange.firstSteps.provider.solverGroup
  const task = await turns.together(() => assignedTo(group, desk, ticket.record, { short_description: `d-${word}` }))
  const story: Story = { name: `${ticket.name}t${word.split('s')[1]}`, record: task, number: shown(task), filer: undefined, happenings: [] }
  parts.stories.push(story)
  const happened = (happening: Pick<Happening, 'did' | 'by' | 'told' | 'at'> & Partial<Happening>) =>
    parts.happened(story, { owner: 'provider', handedOver: false, unassigned: false, ...happening })
  happened({ did: 'assigned', by: 'desk', told: ['New'], at: task.fields.sys_created_on!, handedOver: true })

  const isNew = ({ action, kpn_ticket_number }: { action: string; kpn_ticket_number: string }) =>
    action === 'New' && kpn_ticket_number === story.number
  const told = await queues.provider.until(isNew, TOLD_WITHIN_MS)
  if (!told) return void skipped.push(`${word}: the provider heard of no New yet`)

  const provider = system.exchange.partner('provider')
  const known = { kpn_ticket_number: story.number, customer_reference_number: provider.newReference() }
  const work = async (update: Body) => {
    const { status, body } = await untilAnswered(() => provider.updateTask({ ...known, ...update }), PATIENT_MS)
    if (status !== 200)
      parts.wrong.push({
        count: 'never answered',
        says: `${ticket.name}: PATCH /Task ${update.action} was answered ${status}: ${JSON.stringify(body)}`,
      })
    return { did: `${update.action} ${word}`, by: 'provider' as const, told: [], at: parts.clock.now() }
  }
  const carried = async (comment: string) => {
    const query = `element_id=${ticket.record.sys_id}^element=comments^value=${comment}`
    const look = () => patiently(() => desk.find('sys_journal_field', query))
    let entries = await look()
    for (const end = Date.now() + CARRIED_WITHIN_MS; !entries.length && Date.now() < end; entries = await look()) await pause(200)
    const [entry] = entries
    if (entry)
      onTicket({
        did: `${comment} of ${story.name}`,
        by: 'provider',
        told: [`Comment · ${comment}`],
        at: entry.fields.sys_created_on!,
        comment,
      })
    else {
      const known = JSON.stringify(await knownOf(system, story.record))
      const says = `${ticket.name}: the comment ${comment} of ${story.name} did not reach the ticket; the exchange knows ${known}`
      parts.wrong.push({ count: 'lost', says })
    }
  }
  await work({ action: 'Response', status: 'Success', transaction_id: told.transaction_id })
  const note = `n-${wordOf(word, 1)}`
  happened({ ...(await work({ action: 'In Progress', worknotes: note })), note })

  const question = `c-${wordOf(word, 2)}`
  const asked = await turns.together(() => desk.comment(task, question))
  happened({ did: question, by: 'desk', told: [`Comment · ${question}`], at: asked.fields.sys_updated_on!, comment: question })
  await carried(question)

  const comment = `c-${wordOf(word, 3)}`
  happened({ ...(await work({ action: 'Comment', comment })), comment })
  await carried(comment)
  happened(await work({ action: 'Closed Complete', close_notes: 'Done.' }))
}
