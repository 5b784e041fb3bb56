import { expect, test } from 'vitest'
import { type SavesContext, savesOf } from './saves.ts'
import type { FileRow, LiveRecord, Rows } from './sources.ts'

const SYS_ID = 'a'.repeat(32)
const at = (minute: number) => `2026-01-05 10:${String(minute).padStart(2, '0')}:00`
const file = (name: string, minute: number) =>
  ({ sys_id: name, sys_created_on: at(minute), sys_created_by: 'desk', table_sys_id: SYS_ID, file_name: name }) as FileRow

const captured = new Map([[SYS_ID, { sysId: SYS_ID, modCount: 5, updatedOn: at(10), fields: null }]]) as unknown as SavesContext['captured']
/** Captured at its fifth save, at minute 10. */
const CONTEXT: SavesContext = {
  captured,
  seen: new Set<string>(),
  baseline: at(0),
  countsFrom: () => at(1),
  readFrom: () => at(1),
  moved: () => '',
}

/** A record that was captured at its fifth save, at minute 10, and has files of other times since. */
function numbersOf(files: FileRow[], modCount: string, savedAt: number): Record<string, number | undefined> {
  const values = { sys_created_on: at(0), sys_updated_on: at(savedAt), sys_mod_count: modCount }
  const live = { sysId: SYS_ID, values, items: [] } as unknown as LiveRecord
  const rows: Rows = { audits: [], journals: [], files }
  return Object.fromEntries(savesOf(live, rows, CONTEXT).map(({ file: own, checkpoint }) => [own?.file_name ?? '', checkpoint]))
}

test('files behind a clock that was put back take the numbers of saves that no row tells of, and what is left without one goes by its time', () => {
  expect(numbersOf([file('one', 3), file('two', 4), file('three', 5)], '7', 4)).toEqual({ one: 6, two: 7, three: undefined })
})

test('a number of saves that no record can have costs no memory', () => {
  expect(numbersOf([file('one', 3)], '90000000000', 4)).toEqual({ one: 6 })
})

test('of equal comments of one second the first is the first save’s, also where the audit shows a later save that the journal did not show yet', () => {
  const values = { sys_created_on: at(0), sys_updated_on: at(11), sys_mod_count: '6', sys_updated_by: 'desk' }
  const live = { sysId: SYS_ID, values, items: [] } as unknown as LiveRecord
  const audit = (name: string, number: string) => ({
    sys_id: name,
    sys_created_on: at(11),
    user: 'desk',
    documentkey: SYS_ID,
    fieldname: 'comments',
    oldvalue: '',
    newvalue: 'Now 2',
    record_checkpoint: number,
  })
  const journal = {
    sys_id: 'first',
    sys_created_on: at(11),
    sys_created_by: 'desk',
    element_id: SYS_ID,
    element: 'comments',
    value: 'Now 2',
  }
  const rows = { audits: [audit('later', '8'), audit('now', '6')], journals: [journal], files: [] } as unknown as Rows
  const saves = savesOf(live, rows, CONTEXT)
  expect(saves.map(({ checkpoint, journals }) => [checkpoint, journals.map(({ sourceId }) => sourceId)])).toEqual([[6, ['first']]])
})
