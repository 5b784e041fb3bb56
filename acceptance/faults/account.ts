import type { Desk, DeskRecord } from '../system/desk.ts'
import type { Partner } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import type { Callers } from './callers.ts'
import type { DeskAgent } from './desk-agent.ts'
import { CUSTOMERS, type Customer } from './partner-request.ts'
import { until, untilAnswered } from './socket-system.ts'

/** Everything that is told is told by then, when the database is there. */
const TOLD_WITHIN_MS = 30_000
/** Long enough for an update that should not come. */
const TOO_MUCH_MS = 800

export interface Books {
  desk: Desk
  callers: Callers
  agent: DeskAgent
  partner: (customer: Customer) => Partner
}

/** What ServiceNow has and the partners were told, against what was acknowledged and said. Empty where it agrees. */
export async function amiss(books: Books): Promise<string[]> {
  return [...(await writtenAmiss(books)), ...(await toldAmiss(books))]
}

/** Of everything that was acknowledged: what is not there, or there more than once. And of everything else, what is there twice. */
async function writtenAmiss({ desk, callers }: Books): Promise<string[]> {
  const { name, requests } = callers
  const records = await recordsOf(desk, name)
  const items = await desk.find('sc_req_item', `request.correlation_displaySTARTSWITH${name}-`)
  const comments = await desk.find('sys_journal_field', `element=comments^valueSTARTSWITH${name}-`)
  const { body } = await desk.ask('GET', '/api/now/attachment', { sysparm_query: `file_nameSTARTSWITH${name}-`, sysparm_limit: '10000' })
  const files = counted((body.result as { file_name: string }[]).map(file => file.file_name))
  const entries = counted(comments.map(({ fields }) => fields.value ?? ''))
  const itemsOf = counted(items.map(({ fields }) => fields.request ?? ''))
  const wrong: string[] = []
  const expectOne = (what: string, found: number, acknowledged: boolean) => {
    if (found > 1 || (found === 0 && acknowledged))
      wrong.push(`${what} is there ${found} times, and was ${acknowledged ? '' : 'not '}acknowledged`)
  }
  for (const request of requests) {
    const { what, reference, text, file, acknowledged, number, ticketType } = request
    if (what === 'ticket') {
      const own = records.get(reference) ?? []
      expectOne(`ticket ${reference}`, own.length, acknowledged)
      if (acknowledged && own[0] && own[0].number !== number!.replace('#', ''))
        wrong.push(`ticket ${reference} is ${own[0].number}, and its partner knows ${number}`)
      if (ticketType === 'Service Request' && own[0]) expectOne(`the item of ${reference}`, itemsOf.get(own[0].sys_id) ?? 0, acknowledged)
    } else expectOne(`comment "${text}"`, entries.get(text) ?? 0, acknowledged)
    if (file) expectOne(`file ${file}`, files.get(file) ?? 0, acknowledged)
    if (!acknowledged) wrong.push(`${what} ${reference} was never acknowledged`)
  }
  return wrong
}

async function recordsOf(desk: Desk, name: string): Promise<Map<string, DeskRecord[]>> {
  const tables = ['incident', 'sc_request']
  const found = (await Promise.all(tables.map(table => desk.find(table, `correlation_displaySTARTSWITH${name}-`)))).flat()
  return Map.groupBy(found, ({ fields }) => fields.correlation_display ?? '')
}

const counted = (names: readonly string[]) => new Map([...Map.groupBy(names, each => each)].map(([each, all]) => [each, all.length]))

/** Of each ticket its partner must hear what the desk said, once and in order, and nothing else. */
async function toldAmiss({ callers, agent, partner }: Books): Promise<string[]> {
  const wrong: string[] = []
  for (const customer of CUSTOMERS) {
    const said = [...agent.said].filter(([ticket]) => ticket.by === customer)
    const wanted = said.flatMap(([, texts]) => texts).length
    const queue = () => ownUpdates(partner(customer), callers)
    await until('all is told', async () => (await queue()).length >= wanted, TOLD_WITHIN_MS).catch(() => {})
    await new Promise(done => setTimeout(done, TOO_MUCH_MS))
    const told = await queue()
    const byTicket = Map.groupBy(told, update => update.kpn_ticket_number)
    for (const [ticket, texts] of said) {
      const heard = (byTicket.get(ticket.number!) ?? []).map(textOf)
      if (heard.join('\n') !== texts.join('\n'))
        wrong.push(
          `of ${ticket.number} (${ticket.reference}) was told: ${heard.join(' | ') || 'nothing'}; the desk said: ${texts.join(' | ')}`,
        )
    }
    const quiet = told.filter(update => !said.some(([ticket]) => ticket.number === update.kpn_ticket_number))
    for (const update of quiet)
      wrong.push(`nobody said anything on ${update.kpn_ticket_number}, and ${customer} was told: ${textOf(update)}`)
    const ids = counted(told.map(update => update.transaction_id))
    for (const [id, times] of ids) if (times > 1) wrong.push(`update ${id} is in the queue ${times} times`)
    for (const { transaction_id: id } of callers.heard[customer].filter(update => isOwn(update, callers)))
      if (!ids.has(id)) wrong.push(`a poll brought update ${id}, which is not in the queue`)
  }
  return wrong
}

/** Comment or not, as its action with what was said. */
const textOf = ({ action, ticket_attributes: { comments } }: Update) =>
  action === 'Comment' ? String(comments) : `${action}: ${comments ?? ''}`

/** By the number: an update that should not be there might not name the reference. */
const isOwn = ({ kpn_ticket_number }: Update, { requests }: Callers) => requests.some(({ number }) => number === kpn_ticket_number)

/** The queue since the callers began, in its order, page by page: each begins with the last update of the one before. */
export async function ownUpdates(partner: Partner, callers: Callers): Promise<Update[]> {
  const all: Update[] = []
  const page = async (query: Record<string, string>): Promise<Update[]> => {
    const { status, body } = await untilAnswered(() => partner.poll(query))
    if (status !== 200) throw new Error(`The queue was not read: ${status} ${JSON.stringify(body)}`)
    return body
  }
  let next = await page({ since: new Date(callers.began.getTime() - 2_000).toISOString() })
  for (; ; next = (await page({ from: all.at(-1)!.transaction_id })).slice(1)) {
    all.push(...next)
    if (next.length < 999) return all.filter(update => isOwn(update, callers))
  }
}
