import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type SocketSystem, startBehindSocket } from '../faults/socket-system.ts'
import { runCommand } from '../system/command.ts'
import { Partner } from '../system/partner.ts'

/** Each command is a process of its own; on a busy machine they take their time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** An exchange for real: an empty database, no demo company, in front of an instance that is a process of its own. */
let system: SocketSystem
const folder = mkdtempSync(join(tmpdir(), 'deskbridge-operator-'))
beforeAll(async () => {
  system = await startBehindSocket({ settings: { DESKBRIDGE_DEMO: 'no' } })
  await typed(['operator', 'add', ADA, '--here'], { stdin: `${PASSWORD}\n`, environment: { DATABASE_URL: system.databaseUrl } })
  await typed(['operator', 'token', 'add', 'laptop', '--scope', 'write', '--for', '30d', '--save', '--as', ADA], { stdin: `${PASSWORD}\n` })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const ADA = 'ada@operator.example'
const PASSWORD = 'a password of the tests'
const HARBOUR = 'Harbour Logistics'

/** What Ada types at her command line, and what she reads. */
async function typed(args: readonly string[], { stdin = '', environment = {} } = {}): Promise<string> {
  const everywhere = { XDG_CONFIG_HOME: folder, DESKBRIDGE_EXCHANGE: system.exchange.firstSteps.exchange, ...environment }
  const { code, output } = await runCommand(args, everywhere, stdin).ended
  expect({ code, output }).toMatchObject({ code: 0 })
  return output
}
const partner = (...args: string[]) => typed(['partner', ...args])

/** A new secret of a project, handed to the partner's system. */
async function speakerOf(name: string, project: string): Promise<Partner> {
  const file = join(folder, `${name}.secret`)
  const { client_id } = JSON.parse(await typed(['project', 'secret', 'add', name, project, '--out', file, '--json']))
  const { connectBaseUrl, tokenUrl } = system.exchange.firstSteps
  const clientSecret = readFileSync(file, 'utf8').trim()
  const organisation = { name, table: 'core_company', sys_id: '' }
  return new Partner({ connectBaseUrl, tokenUrl, clientId: client_id, clientSecret, service: 'Workplace', organisation })
}

test('an operator takes on a new partner with the command line alone, and it files and is told', async () => {
  expect(await partner('list')).toContain('There is no partner yet')
  expect(await partner('add', HARBOUR)).toMatch(/^sandbox +waits for: an agreement, a project, a secret/m)

  // The desk has the company and its service desk's user already.
  const { desk } = system.instance
  const company = await desk.create('core_company', { name: HARBOUR })
  const caller = await desk.create('sys_user', { user_name: 'harbour.servicedesk', last_name: 'Service desk', company: company.sys_id })

  const file = join(folder, 'harbour.yaml')
  writeFileSync(file, await partner('agreement', HARBOUR, '--example'))
  const agreement = ['agreement', HARBOUR, '--environment', 'sandbox', '--file', file]
  expect(await partner(...agreement, '--dry-run')).toContain(`  + organisation: ${HARBOUR} (core_company ${company.sys_id})\n`)
  expect(await partner(...agreement, '--yes')).toContain('Saved. Harbour Logistics in sandbox: waits for: a project, a secret.')

  await typed(['project', 'add', HARBOUR, 'Ticket system', '--environment', 'sandbox', '--delivery', 'acknowledge'])
  expect(await partner('show', HARBOUR)).toMatch(/^sandbox +waits for: a secret /m)
  const harbour = await speakerOf(HARBOUR, 'Ticket system')
  expect(await partner('list')).toMatch(/^Harbour Logistics +can file and be told +waits for: an agreement, a project, a secret$/m)

  const { status, body } = await harbour.fileTicket({ short_description: 'The scanner at gate 2 is offline' })
  expect(status, JSON.stringify(body)).toBe(200)
  const record = await desk.record(body.kpn_ticket_number)
  expect(record.fields).toMatchObject({ company: company.sys_id, caller_id: caller.sys_id })
  await desk.comment(record, 'Somebody is on the way.')
  await desk.change(record, { state: '2' })
  const told = async () => (await harbour.poll()).body as { action: string; transaction_id: string }[]
  await expect.poll(async () => (await told()).map(({ action }) => action), { timeout: 10_000 }).toEqual(['Comment', 'In Progress'])
  expect(await partner('show', HARBOUR)).toMatch(/^sandbox +can file and be told .* 2$/m)
})

test('a provider too: with a group of the service desk it is given tasks, and works on them; it needs no organisation', async () => {
  const FIELD = 'Field Service'
  const { desk } = system.instance
  const group = await desk.create('sys_user_group', { name: 'Field Service Team' })
  await partner('add', FIELD)
  const terms = ['--role', 'provider', '--solver-group', 'field service team', '--task-type', 'Incident Task']
  expect(await partner('agreement', FIELD, '--environment', 'sandbox', ...terms, '--yes')).toContain('waits for: a project, a secret.')
  await typed(['project', 'add', FIELD, 'Dispatch', '--environment', 'sandbox'])
  const field = await speakerOf(FIELD, 'Dispatch')
  expect(await partner('list')).toMatch(/^Field Service +can work on tasks and be told /m)

  const incident = await desk.create('incident', { short_description: 'Gate 2' })
  const task = await desk.create('incident_task', {
    incident: incident.sys_id,
    short_description: 'Replace it',
    assignment_group: group.sys_id,
  })
  const number = task.number.replace(/^[A-Z]+/, '$&#')
  const { transaction_id } = await field.updates.until({ number, action: 'New' }, 10_000)
  const reference = field.newReference()
  const words = { action: 'Response', kpn_ticket_number: number, customer_reference_number: reference, transaction_id, status: 'Success' }
  expect((await field.updateTask(words)).status).toBe(200)
})
