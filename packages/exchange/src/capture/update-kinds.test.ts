import { expect, test } from 'vitest'
import type { Agreement } from '../agreements/index.ts'
import {
  type Audience,
  attributesOf,
  type Condition,
  type Kind,
  MAPPING,
  mappingWith,
  UPDATE_ATTRIBUTES,
  UPDATE_KINDS,
} from '../mapping/index.ts'
import { updateMessage } from '../update-queue/index.ts'
import type { Replayed } from './replay.ts'
import type { Save } from './saves.ts'
import type { FileRow, LiveRecord } from './sources.ts'
import { type Telling, type Told, updatesOf } from './updates.ts'

const PARTNER = 'north'
const FILE = { sys_id: 'f'.repeat(32), file_name: 'photo.png', content_type: 'image/png', size_bytes: '3' } as FileRow

const agreement = (kind: Kind) =>
  ({
    partnerId: PARTNER,
    terms: {
      roles: ['customer', 'provider'],
      organisation: { sysId: 'company', name: 'North', table: 'core_company' },
      ticketTypes: [kind.word],
      taskTypes: [kind.word],
      operatorTicketsShared: true,
      solverGroups: [{ sysId: 'group', name: 'North Field Service' }],
      watched: ['short_description', 'description', 'priority', 'service', 'ci', 'contact', 'user', 'desired_delivery_date'],
    },
  }) as unknown as Agreement

/** A record with everything that an update can tell of it. */
function recordOf(kind: Kind): LiveRecord {
  const reference = (name: string, field = '') => [
    [field, name],
    [`${field}.company`, 'company'],
  ]
  const values = Object.fromEntries([
    ...Object.entries(kind.fields).flatMap(([name, field]) => reference(name, field)),
    ['number', `${kind.prefix}0010001`],
    ['company', 'company'],
    ['assignment_group', 'group'],
    ['active', 'true'],
    ['close_code', 'Solution provided'],
    ['close_notes', 'Mapped again'],
    ['hold_reason', '1'],
    [kind.fields.priority ?? '', '3'],
    [kind.fields.desired_delivery_date ?? '', '2026-02-01 09:00:00'],
  ])
  const shown = { ...values, assignment_group: 'North Field Service', state: 'Open' }
  return { kind, sysId: 'record', values, shown, items: [] }
}

const saveWith = (what: Partial<Save>): Save => ({
  recordSysId: 'record',
  at: '2026-01-31 10:00:00',
  by: 'agent',
  checkpoint: 1,
  creation: false,
  changes: new Map(),
  journals: [],
  file: undefined,
  sourceIds: ['row'],
  ...what,
})

const JOURNALS: Save['journals'] = [
  { element: 'comments', text: 'Any news?', sourceId: 'c' },
  { element: 'work_notes', text: 'Asked them.', sourceId: 'w' },
]

/** Values for which a condition holds, all else as it was. */
const valuesFor = ({ is }: Condition) => Object.fromEntries(Object.entries(is).map(([field, [value = '']]) => [field, value]))

/** What can happen to a record: it becomes the partner's, each of its states begins, everything else changes. */
function happenings(kind: Kind, record: LiveRecord): Replayed[] {
  const rest = { ...record.values, state: 'none' }
  const step = (what: Partial<Save>, before: Record<string, string> = {}, after: Record<string, string> = {}): Replayed => ({
    save: saveWith(what),
    before: { ...rest, ...before },
    after: { ...rest, ...after },
  })
  const changes = new Map(Object.values(kind.fields).map(field => [field, { from: '', to: 'x' }]))
  return [
    step({ journals: JOURNALS }, { assignment_group: 'others', company: 'others' }),
    ...kind.actions.flatMap(({ when }) => when.map(condition => step({ journals: JOURNALS }, {}, valuesFor(condition)))),
    step({ changes }),
    step({ journals: JOURNALS }),
    step({ file: FILE }),
  ]
}

/** Each happening by itself, to a partner that knows the record already; the first is how it comes to know it. */
function toldOf(kind: Kind): Told[] {
  const record = recordOf(kind)
  const mapping = mappingWith({})
  return happenings(kind, record).flatMap((happening, at) => {
    const telling: Telling = {
      environment: 'sandbox',
      agreements: [agreement(kind)],
      bonds: [],
      writers: new Set(['deskbridge']),
      mapping,
      authors: new Map(),
      lost: new Set(),
      ticket: kind.ticket && { number: 'INC0010002', kind: mapping.of('Incident') },
      ownerThen: () => undefined,
      isShown: () => true,
      told: new Set(at ? [PARTNER] : []),
      html: new Set(),
      earlierFiles: at ? [] : [FILE],
    }
    return updatesOf(record, [happening], telling)
  })
}

const told = MAPPING.flatMap(kind =>
  toldOf(kind).map(one => ({ ...one, audience: kind.isTask ? ('provider' as const) : ('customer' as const) })),
)
const rows = UPDATE_KINDS.flatMap(kind => (kind.toldTo as readonly Audience[]).map(audience => ({ ...kind, audience })))

test('capture makes each kind of update of the table for those to whom it is told, and no other', () => {
  const named = (all: readonly { action: string; audience: Audience }[]) =>
    [...new Set(all.map(({ action, audience }) => `${action} to a ${audience}`))].sort()
  expect(named(told.map(({ message: { action }, audience }) => ({ action, audience })))).toEqual(named(rows))
})

test.each(rows)('$action to a $audience carries what the table says, and nothing else', ({ action, audience }) => {
  const made = told.filter(one => one.message.action === action && one.audience === audience)
  const names = new Set(made.flatMap(({ message }) => Object.keys(message.ticket_attributes)))
  expect(Object.keys(UPDATE_ATTRIBUTES).filter(name => names.has(name))).toEqual(
    Object.keys(UPDATE_ATTRIBUTES).filter(name => (attributesOf(action, audience) as string[]).includes(name)),
  )
  for (const { message } of made) expect(updateMessage.parse(message)).toEqual(message)
})

test('an action begins by a state of the mapping where the table says so, and only there', () => {
  const byState = (isTask: boolean) => [
    ...new Set(MAPPING.filter(kind => kind.isTask === isTask).flatMap(kind => kind.actions.map(one => one.action))),
  ]
  for (const [audience, isTask] of [['customer', false] as const, ['provider', true] as const])
    expect(byState(isTask).sort(), `to a ${audience}`).toEqual(
      rows
        .filter(row => row.audience === audience && row.begins === 'state')
        .map(({ action }) => action)
        .sort(),
    )
})
