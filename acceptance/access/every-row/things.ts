import { randomBytes, randomUUID } from 'node:crypto'
import { accepted, assignedTo } from '../../stories/tasks.ts'
import { filed, madeByOperator, shown } from '../../stories/tickets.ts'
import type { Desk, DeskRecord } from '../../system/desk.ts'
import { Partner } from '../../system/partner.ts'
import type { StartedSystem } from '../../system/start-system.ts'
import type { Thing } from './values.ts'

/** A partner with something of its own. */
export interface Owner {
  name: string
  partner: Partner
  thing: Thing
  /** Where it is, and what it says that nobody else may read. */
  desk: Desk
  record: DeskRecord
  mark: string
}

/** Customers of both environments and a provider, each with a record, a file and an update; what they take must be acknowledged. */
export async function ownersOf(system: StartedSystem): Promise<Owner[]> {
  const { backOffice, firstSteps } = system
  const [sandbox, production] = [system.desk('sandbox'), system.desk('production')]
  const partnerOf = async (role: 'customer' | 'otherCustomer' | 'provider' | 'productionCustomer') =>
    new Partner(
      await backOffice.addProject(
        system.partner(role).access,
        role === 'productionCustomer' ? 'production' : 'sandbox',
        role === 'otherCustomer' ? 'read-once' : 'acknowledge',
      ),
    )
  const [customer, otherCustomer, provider, inProduction] = [
    await partnerOf('customer'),
    await partnerOf('otherCustomer'),
    await partnerOf('provider'),
    await partnerOf('productionCustomer'),
  ]
  const owner = async (name: string, partner: Partner, desk: Desk, record: DeskRecord, reference: string): Promise<Owner> => {
    const mark = markOf(name)
    const file = await desk.attach(record, { name: `${name}.txt`, bytes: Buffer.from(mark) })
    // A comment on a task is the customer's too.
    await (record.table === 'incident' ? desk.comment(record, mark) : desk.workNote(record, mark))
    const update = await newest(partner, shown(record))
    return { name, partner, desk, record, mark, thing: { number: shown(record), reference, file, update } }
  }
  /** A ticket that the operator made, answered by its customer. */
  const answered = async (partner: Partner, desk: Desk, values: Record<string, string>) => {
    const record = await madeByOperator(desk, partner, 'incident', values)
    const reference = partner.newReference()
    const response = {
      action: 'Response',
      status: 'Success',
      kpn_ticket_number: shown(record),
      customer_reference_number: reference,
      transaction_id: await newest(partner, shown(record)),
    }
    await partner.updateTicket(response)
    return { record, reference }
  }
  const ticket = await filed(customer, { short_description: markOf('customer') })
  const record = await sandbox.record(ticket.number)
  const task = await assignedTo(firstSteps.provider.solverGroup, sandbox, record, { short_description: markOf('provider') })
  const { reference } = await accepted(provider, task)
  const others = await answered(otherCustomer, sandbox, { short_description: markOf('another customer') })
  // A number that only this environment has.
  const theirs = await answered(inProduction, production, { number: 'INC0990001', short_description: markOf('customer in production') })
  return Promise.all([
    owner('customer', customer, sandbox, record, ticket.reference),
    owner('another customer', otherCustomer, sandbox, others.record, others.reference),
    owner('provider', provider, sandbox, task, reference),
    owner('customer in production', inProduction, production, theirs.record, theirs.reference),
  ])
}

const markOf = (name: string) => `Only ${name} reads this`

/** The transaction_id of the newest update of a record, read again without moving anything. */
async function newest(partner: Partner, number: string): Promise<string> {
  for (;;) {
    const { body } = await partner.poll({ since: '2020-01-01T00:00:00Z' })
    const update = body.findLast((one: { kpn_ticket_number: string }) => one.kpn_ticket_number === number)
    if (update) return update.transaction_id
    await new Promise(done => setTimeout(done, 50))
  }
}

/** What is not there, whoever asks. */
export const nothing = (): Thing => ({
  number: 'INC#0990099',
  reference: 'NOTHING-1',
  file: randomBytes(16).toString('hex'),
  update: randomUUID(),
})
