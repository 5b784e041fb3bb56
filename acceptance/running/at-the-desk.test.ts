import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beforeFirst, DESK_WORK, USUAL_ADDRESS } from '../../packages/instance/src/desk-work/desk-work.ts'
import type { DeskStep, DeskWork } from '../../packages/instance/src/desk-work/step.ts'
import { filed } from '../stories/tickets.ts'
import { type Command, runCommand } from '../system/command.ts'
import { Desk } from '../system/desk.ts'
import { Shell } from '../system/shell.ts'
import { startSystem } from '../system/start-system.ts'

/** Every command of the page /practice, typed one after the other by somebody at the desk; then the record is looked at. */

const database = await makeFreshDatabase()
const folder = mkdtempSync(join(tmpdir(), 'deskbridge-at-the-desk-'))
const [alone, withExchange, helpers] = beforeFirst(USUAL_ADDRESS).map(({ command }) => command) as [string, string, string]

let instance: Command
let shell: Shell
let url: string
let desk: Desk

beforeAll(async () => {
  instance = runCommand(['instance', '--port', '0', '--data', join(folder, 'data-instance')], { DATABASE_URL: database.url })
  await instance.untilPrinted('Ctrl-C ends it.', 60_000)
  url = /Practice instance: (\S+)/.exec(instance.output())![1]!
  shell = new Shell(folder)
  for (const line of [alone.replace(USUAL_ADDRESS, url), helpers]) expect(await shell.type(line)).toEqual({ code: 0, output: '' })
  desk = new Desk({ url, username: 'admin', password: await shell.variable('SERVICENOW_PASSWORD') })
})
afterAll(async () => {
  shell?.end()
  instance.process.kill('SIGTERM')
  await instance.ended
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const LOOKED_AT = { comments: 'sys_journal_field', work_notes: 'sys_journal_field', attachments: 'sys_attachment' } as const

/** What the record shows of these fields; of journals and files all entries. */
async function shown({ table, variable }: Pick<DeskWork, 'table' | 'variable'>, fields: readonly string[]) {
  const sysId = await shell.variable(variable)
  const record = await desk.shown(table, sysId)
  const values = fields.map(async field => {
    if (field === 'attachments')
      return [field, (await desk.find('sys_attachment', `table_sys_id=${sysId}`)).map(file => file.fields.file_name)]
    if (field in LOOKED_AT)
      return [field, (await desk.find('sys_journal_field', `element_id=${sysId}^element=${field}`)).map(entry => entry.fields.value)]
    return [field, record[field]]
  })
  return Object.fromEntries(await Promise.all(values))
}

async function take(work: DeskWork, { command, of = work, shows = {}, prints = '', refused }: DeskStep) {
  const { code, output } = await shell.type(command)
  if (refused !== undefined) {
    expect(code, output).not.toBe(0)
    expect(output).toContain(refused)
    return
  }
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(prints) })
  const wanted = Object.entries(shows).map(([field, value]) => [field, field in LOOKED_AT ? expect.arrayContaining([value]) : value])
  expect(await shown(of, Object.keys(shows))).toEqual(Object.fromEntries(wanted))
}

test.each(DESK_WORK)(
  '$kind: each command of the page does what the page says, from the first to the last',
  async work => {
    for (const step of work.steps)
      await take(work, step).catch((problem: Error) => {
        throw Object.assign(problem, { message: `"${step.does}": ${problem.message}` })
      })
  },
  240_000,
)

test('the page has each of them, readable in any browser without anything from elsewhere', async () => {
  const page = await (await fetch(`${url}/practice`)).text()
  const text = page.replace(/<[^>]*>/g, '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  for (const { kind, about, steps } of DESK_WORK) {
    for (const said of [kind, about, ...steps.flatMap(step => [step.does, step.note ?? '', step.refused ?? ''])])
      expect(text).toContain(said.replace(/[*`]/g, ''))
    for (const { command } of steps) expect(text).toContain(command)
  }
  for (const { command } of beforeFirst(url)) expect(text).toContain(command)
  expect(page).not.toMatch(/(src|href)="?(https?:)?\/\//)
})

test('beside an exchange the desk works on what a partner filed, and the partner is told', async () => {
  await using system = await startSystem()
  const customer = system.partner('customer')
  const { number } = await filed(customer, { ticket_type: 'Incident' })
  const operator = new Shell(join(system.dataFolder, '..'))
  const take = DESK_WORK[0]!.steps.find(({ does }) => does.startsWith('Take it'))!.command
  for (const line of [withExchange, helpers, `INC=$(id incident.getByNumber --number ${number.replace('#', '')})`, take]) {
    const { code, output } = await operator.type(line)
    expect({ code, output }).toMatchObject({ code: 0 })
  }
  operator.end()
  const [told] = await customer.updates.untilActions(number, ['In Progress'])
  expect(told!.ticket_attributes).toMatchObject({ comments: 'We are on it.' })
}, 120_000)
