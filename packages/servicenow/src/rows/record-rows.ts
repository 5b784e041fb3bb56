import { z } from 'zod'
import { action } from '../performing/action.ts'
import { createCall, getCall, listCall, updateCall } from '../table-api/record-calls.ts'
import type { Row } from '../table-api/row.ts'
import * as input from './input.ts'
import { tableNeeds } from './needs.ts'
import { anyRow, anyRows, writtenRow } from './output.ts'
import { listFrom, rowFrom } from './reading.ts'

/** One kind of record that Deskbridge speaks of by its own name. Its rows differ from table.* in what they know about the table. */
export interface RecordFamily<Name extends string = string> {
  readonly family: Name
  readonly table: string
  /** As a person says it, with and without an article. */
  readonly one: string
  readonly many: string
  /** What must be known before a create or update, from the table's own rules. */
  readonly hint: string
  readonly source: string
  /** Roles of which any one lets its user read, and write; as shipped. */
  readonly readers: readonly string[]
  readonly writers: readonly string[]
  readonly plugins?: readonly string[]
  /** Invented, for the examples. */
  readonly exampleId: string
  readonly exampleShown: Row
  readonly exampleValues: Row
  readonly exampleChange: Row
}

/** What reading records of a kind needs. */
export function readerNeeds({ table, readers: roles, plugins = [] }: RecordFamily) {
  return tableNeeds(table, { roles, plugins })
}

/** What writing records of a kind needs. */
export function writerNeeds({ table, writers: roles, plugins = [] }: RecordFamily) {
  return tableNeeds(table, { roles, plugins })
}

/** The row `<family>.get`: one record by its sys_id. */
export function getRow<const Name extends string>(kind: RecordFamily<Name>) {
  const { family, table, one } = kind
  return action({
    name: `${family}.get`,
    title: `Get ${one}`,
    whenToUse: `To read ${one} whose sys_id is known.`,
    effect: 'reads',
    shape: 'row',
    needs: readerNeeds(kind),
    paging: 'none',
    input: z.strictObject({ sysId: input.sysId, ...input.chosen }),
    output: anyRow,
    request: ({ sysId, ...wanted }) => getCall(table, sysId, wanted),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: { input: { sysId: kind.exampleId }, output: kind.exampleShown },
    source: `Table API, GET /now/table/${table}/{sys_id}; ${kind.source}`,
    repeat: 'safe',
  })
}

/** The row `<family>.list`: records by an encoded query. */
export function listRow<const Name extends string>(kind: RecordFamily<Name>) {
  const { family, table, many } = kind
  return action({
    name: `${family}.list`,
    title: `List ${many}`,
    whenToUse: `To find ${many} by an encoded query.`,
    effect: 'reads',
    shape: 'rows',
    needs: readerNeeds(kind),
    paging: 'key',
    input: z.strictObject(input.listing),
    output: anyRows,
    request: wanted => listCall(table, wanted),
    perform: async (sender, call, { displayValue }) => listFrom(sender, await sender.send(call), displayValue),
    example: { input: { query: 'sys_created_on>2026-01-31 10:00:00', limit: 10 }, output: { rows: [kind.exampleShown], total: 1 } },
    source: `Table API, GET /now/table/${table}; ${kind.source}`,
    repeat: 'safe',
  })
}

/** The row `<family>.create`. */
export function createRow<const Name extends string>(kind: RecordFamily<Name>) {
  const { family, table, one } = kind
  return action({
    name: `${family}.create`,
    title: `Create ${one}`,
    whenToUse: `To make ${one}. ${kind.hint}`,
    effect: 'changes',
    shape: 'written',
    needs: writerNeeds(kind),
    paging: 'none',
    input: input.writing({}, input.chosen),
    output: writtenRow,
    request: ({ values, clear, ...wanted }) => createCall(table, input.fieldsToWrite({ values, clear }), wanted),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: { input: { values: kind.exampleValues }, output: kind.exampleShown },
    source: `Table API, POST /now/table/${table}; ${kind.source}`,
    repeat: { probe: `Give it a value of your own to be known by, such as correlation_id, and ask ${family}.list for it.` },
  })
}

/** The row `<family>.update`. */
export function updateRow<const Name extends string>(kind: RecordFamily<Name>) {
  const { family, table, one } = kind
  return action({
    name: `${family}.update`,
    title: `Update ${one}`,
    whenToUse: `To change fields of ${one}; fields that are not given stay as they are. ${kind.hint}`,
    effect: 'changes',
    shape: 'written',
    needs: writerNeeds(kind),
    paging: 'none',
    input: input.writing({ sysId: input.sysId }, input.chosen),
    output: writtenRow,
    request: ({ sysId, values, clear, ...wanted }) => updateCall(table, sysId, input.fieldsToWrite({ values, clear }), wanted),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: {
      input: { sysId: kind.exampleId, values: kind.exampleChange },
      output: { ...kind.exampleShown, ...kind.exampleChange },
    },
    source: `Table API, PATCH /now/table/${table}/{sys_id}; ${kind.source}`,
    repeat: { probe: `Ask ${family}.get and compare the fields that were sent; sys_mod_count tells whether anything was saved.` },
  })
}
