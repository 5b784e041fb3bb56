import { expect } from 'vitest'
import type { Column, Table } from '../../dictionary/dictionary.ts'
import { query, type Room } from '../practice-room.ts'
import { FORMS, type Form, filled, filledQuestions, fits, type Kind, kindNameOf, readKind, type Values, type Write } from './kinds.ts'
import { SETTLED } from './settled.ts'
import type { Targets } from './targets.ts'

/** A column with what its golden file says of it. */
interface Walked {
  readonly column: Column
  readonly kind: Kind
  readonly values: Values
  /** Those that fit this column, with its own values in them. */
  readonly writes: readonly Write[]
}

type Shown = Readonly<Record<Form, Readonly<Record<string, unknown>>>>

const DISPLAYED = 'sysparm_input_display_value=true'
/** Fields that show a word where they are empty (contract servicenow-core.md 3.3). */
const UNKNOWN_WHEN_EMPTY = ['sla_due', 'activity_due']

function isSettled(table: Table, column: Column): boolean {
  for (let from: Table | undefined = table; from; from = from.parent) if (SETTLED[from.name]?.[column.name] !== undefined) return true
  return false
}

/** Makes ready every column of a table that a caller writes, as its kind is written; what they refer to is made. */
export async function prepareColumns(table: Table, targets: Targets, url: string): Promise<Walked[]> {
  const columns = [...table.columns.values()].filter(column => !column.readOnly && !isSettled(table, column))
  return Promise.all(
    columns.map(async column => {
      const kind = readKind(kindNameOf(column))
      const values = await prepareValues(column, targets, url)
      return { column, kind, values, writes: kind.writes.filter(write => fits(write, column, values)).map(write => filled(write, values)) }
    }),
  )
}

async function prepareValues(column: Column, targets: Targets, url: string): Promise<Values> {
  const { name, choices = [], default: standard = '', maxLength = 0, reference, type } = column
  const chosen = choices.find(([value]) => value !== standard) ?? choices[0] ?? ['', '']
  const last = choices.at(-1) ?? ['', '']
  const target = reference === undefined ? undefined : await targets.makeOnce(reference)
  return {
    field: name,
    default: standard,
    'default label': choices.find(([value]) => value === standard)?.[1] ?? standard,
    other: standard === 'true' ? 'false' : 'true',
    longest: 'x'.repeat(maxLength),
    nothing: UNKNOWN_WHEN_EMPTY.includes(name) ? 'UNKNOWN' : '',
    value: chosen[0],
    label: chosen[1],
    'last value': last[0],
    'last label': last[1],
    url: `${url}/api/now/table/`,
    journal: name === 'comments' ? 'Additional comments' : 'Work notes',
    ...(target && reference !== undefined
      ? { target: reference, sys_id: target.sysId, shown: target.shown || (type === 'list' ? target.sysId : '') }
      : {}),
  }
}

/** The record in the three forms of `sysparm_display_value`; times at the head of a journal entry are left out. */
async function readForms(room: Room, table: Table, sysId: string, listed: boolean): Promise<Shown> {
  const read = async (form: Form) => {
    const path = listed ? `?sysparm_query=${query(`sys_id=${sysId}`)}&` : `/${sysId}?`
    const { body } = await room.call('GET', `/api/now/table/${table.name}${path}sysparm_display_value=${form}`)
    const text = JSON.stringify(listed ? body.result[0] : body.result)
    return JSON.parse(text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?= - [^"\\]+ \((?:Additional comments|Work notes)\))/g, '{when}'))
  }
  const [plain, shown, all] = await Promise.all(FORMS.map(read))
  return { false: plain, true: shown, all }
}

const cellOf = (record: Shown, { column: { name } }: Walked) =>
  name in record.false ? Object.fromEntries(FORMS.map(form => [form, record[form][name]])) : 'absent'

/** Writes every column in every way of its kind, and reads after each write what became of it. */
export async function walkWrites(room: Room, table: Table, columns: readonly Walked[]): Promise<string> {
  const path = `/api/now/table/${table.name}`
  const readOnly = [...table.columns.values()].filter(column => column.readOnly)
  const first = Object.fromEntries(columns.map(({ column, writes }) => [column.name, writes[0]!.in]))
  const ofTheInstance = Object.fromEntries(readOnly.map(({ name, type }) => [name, type === 'integer' ? '77' : '2020-02-20 20:20:20']))
  const made = await room.call('POST', path, { ...first, ...ofTheInstance })
  expect(made.status, `${table.name}: ${JSON.stringify(made.body)}`).toBe(201)
  const sysId: string = made.body.result.sys_id
  for (const [name, sent] of Object.entries(ofTheInstance))
    expect(made.body.result[name], `${table.name}.${name} is the instance's own`).not.toBe(sent)
  let before = await readForms(room, table, sysId, false)
  expect(await readForms(room, table, sysId, true), `${table.name}, listed`).toEqual(before)
  expectCells(table, columns, 0, before, undefined)
  const most = Math.max(...columns.map(({ writes }) => writes.length))
  for (let at = 1; at < most; at += 1)
    for (const displayed of [false, true]) {
      const written = columns.filter(({ writes }) => writes.length > at && (writes[at]!.displayed ?? false) === displayed)
      if (written.length === 0) continue
      const body = Object.fromEntries(written.map(({ column, writes }) => [column.name, writes[at]!.in]))
      const answer = await room.call('PATCH', `${path}/${sysId}${displayed ? `?${DISPLAYED}` : ''}`, body)
      expect(answer.status, `${table.name}: ${JSON.stringify(answer.body)}`).toBe(200)
      const after = await readForms(room, table, sysId, false)
      expectCells(table, written, at, after, before)
      before = after
    }
  return sysId
}

function expectCells(table: Table, columns: readonly Walked[], at: number, after: Shown, before: Shown | undefined): void {
  const wanted = columns.map(walked => {
    const { out } = walked.writes[at]!
    return [walked.column.name, out === 'unchanged' && before ? cellOf(before, walked) : out]
  })
  const found = columns.map(walked => [walked.column.name, cellOf(after, walked)])
  expect(Object.fromEntries(found), `${table.name}, write ${at + 1} of each kind`).toEqual(Object.fromEntries(wanted))
}

/** What a new record has where its first write is another one than that of `walkWrites`. */
export async function walkInserts(room: Room, table: Table, columns: readonly Walked[]): Promise<void> {
  const inserts = columns.map(walked => ({
    walked,
    writes: (walked.kind.inserts ?? [])
      .filter(write => fits(write, walked.column, walked.values))
      .map(write => filled(write, walked.values)),
  }))
  for (const displayed of [false, true]) {
    const ofThese = inserts.flatMap(({ walked, writes }) =>
      writes.filter(write => (write.displayed ?? false) === displayed).map(write => ({ ...walked, writes: [write] })),
    )
    if (ofThese.length === 0) continue
    const body = Object.fromEntries(ofThese.map(({ column, writes }) => [column.name, writes[0]!.in]))
    const made = await room.call('POST', `/api/now/table/${table.name}${displayed ? `?${DISPLAYED}` : ''}`, body)
    expect(made.status, `${table.name}: ${JSON.stringify(made.body)}`).toBe(201)
    expectCells(table, ofThese, 0, await readForms(room, table, made.body.result.sys_id, false), undefined)
    await room.call('DELETE', `/api/now/table/${table.name}/${made.body.result.sys_id}`)
  }
}

/** What is asked about a record of the first writes, and how many that finds. */
function questionsAbout(sysId: string, { column, kind, values }: Walked): { parameters: string; found: number }[] {
  const asked = (texts: readonly string[], found: number, parametersOf: (text: string) => string) =>
    filledQuestions(texts, values).map(text => ({ parameters: parametersOf(text), found }))
  const term = (text: string) => `sysparm_query=${query(`sys_id=${sysId}^${text}`)}`
  const pair = (value: string) => `sys_id=${sysId}&${column.name}=${encodeURIComponent(value)}`
  return [
    ...asked(kind.finds, 1, term),
    ...asked(kind.misses, 0, term),
    ...asked(kind.pairs, 1, pair),
    ...(kind.pairs.length > 0 ? asked(['Nobody at all'], 0, pair) : []),
  ]
}

/** Asks for a record of the first writes by every query of its columns' kinds; of inherited columns the parent's walk has asked. */
export async function walkQueries(room: Room, table: Table, columns: readonly Walked[]): Promise<void> {
  const first = Object.fromEntries(columns.map(({ column, writes }) => [column.name, writes[0]!.in]))
  const { sys_id: sysId } = await room.create(table.name, first)
  const own = columns.filter(({ column }) => column.declaredBy === table.name)
  const questions = own.flatMap(walked => questionsAbout(sysId!, walked))
  const answers = await Promise.all(
    questions.map(({ parameters }) => room.call('GET', `/api/now/table/${table.name}?sysparm_fields=sys_id&${parameters}`)),
  )
  const wrong = questions.filter(({ found }, at) => answers[at]!.body.result.length !== found)
  expect(
    wrong.map(({ parameters, found }) => `${table.name}: ${decodeURIComponent(parameters)} ${found ? 'does not find it' : 'finds it'}`),
  ).toEqual([])
  await room.call('DELETE', `/api/now/table/${table.name}/${sysId}`)
}

/** What any record shows of each column, in the forms of its type; and that it is found by what it shows, and by nothing else. */
export async function walkRecord(room: Room, table: Table, sysId: string): Promise<void> {
  const record = await readForms(room, table, sysId, false)
  expect(Object.keys(record.false).sort(), table.name).toEqual(
    [...table.columns.values()].flatMap(({ name, type }) => (type === 'password' ? [] : [name])).sort(),
  )
  expect(await readForms(room, table, sysId, true), `${table.name}, listed`).toEqual(record)
  const plain = (cell: unknown): string => (typeof cell === 'string' ? cell : (cell as { value: string }).value)
  const wrong: string[] = []
  for (const [name, cell] of Object.entries(record.false)) {
    const { type, reference } = table.columns.get(name)!
    const raw = plain(cell)
    const all = record.all[name] as Record<string, string>
    const link = type === 'reference' && raw !== '' ? ['link'] : []
    if (all.value !== raw || Object.keys(all).sort().join() !== ['display_value', ...link, 'value'].join())
      wrong.push(`${name} in all forms`)
    if (link.length > 0 && !all.link!.includes(`/api/now/table/${reference}`)) wrong.push(`${name} links to ${all.link}`)
    const shown = record.true[name]
    if ((typeof shown === 'string' ? shown : (shown as Record<string, string>).display_value) !== all.display_value)
      wrong.push(`${name} displayed`)
    if (/\^|^javascript:/.test(raw)) continue
    const [its, another] = raw === '' ? [`${name}ISEMPTY`, `${name}ISNOTEMPTY`] : [`${name}=${raw}`, `${name}!=${raw}`]
    const [found, missed] = await Promise.all([its, another].map(term => room.find(table.name, `sys_id=${sysId}^${term}`, 'sys_id')))
    if (found!.length !== 1) wrong.push(`${its} does not find it`)
    if (missed!.length !== 0) wrong.push(`${another} finds it`)
  }
  expect(wrong, `${table.name} ${sysId}`).toEqual([])
}
