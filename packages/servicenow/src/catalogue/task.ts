import { z } from 'zod'
import { action, type Needs } from '../action.ts'
import { query } from '../encoded-query/query.ts'
import * as input from './input.ts'
import { tableNeeds } from './needs.ts'
import { anyRow, anyRows } from './output.ts'
import { readRow, readRows } from './reading.ts'
import { createCall, getCall, listCall, updateCall } from './record-calls.ts'
import { tableActions } from './table.ts'
import { type TaskFamily, taskFamilies } from './task-families.ts'

const EXAMPLE_ID = '9d385017c611228701d22104cc95c371'
const [tableList, , tableCreate, tableUpdate] = tableActions
const chosen = { fields: input.fields, displayValue: input.displayValue }

const number = z
  .string()
  .regex(/^[A-Za-z]+[0-9]+$/, 'a number is letters followed by digits')
  .max(40)
  .describe('The number that people use, such as INC0010001.')

/** The rows of one kind of task record. They differ from table.* in their names and in what they know about the table. */
function taskActions<const Name extends string>({ family, table, one, many, hint, source, ...kind }: TaskFamily<Name>) {
  const [reads, writes] = [kind.readers, kind.writers].map(roles => tableNeeds(table, { roles, plugins: [kind.plugin] })) as [Needs, Needs]
  const example = { sys_id: EXAMPLE_ID, number: kind.exampleNumber, ...kind.exampleValues }
  return [
    action({
      name: `${family}.get`,
      title: `Get ${one}`,
      whenToUse: `To read ${one} whose sys_id is known.`,
      effect: 'reads',
      shape: 'row',
      needs: reads,
      paging: 'none',
      input: z.strictObject({ sysId: input.sysId, ...chosen }),
      output: anyRow,
      request: ({ sysId, ...wanted }) => getCall(table, sysId, wanted),
      perform: async (ask, call, { displayValue }) => readRow(ask, (await ask.send(call)).result, displayValue),
      example: { input: { sysId: EXAMPLE_ID, fields: ['number', 'state'] }, output: { number: kind.exampleNumber, state: '1' } },
      source: `Table API, GET /now/table/${table}/{sys_id}; ${source}`,
      repeat: 'safe',
    }),
    action({
      name: `${family}.getByNumber`,
      title: `Get ${one} by its number`,
      whenToUse: `To read ${one} of which a person gave the number (${kind.prefix}…). Fails when there is none, or more than one.`,
      effect: 'reads',
      shape: 'row',
      needs: reads,
      paging: 'none',
      input: z.strictObject({ number, ...chosen }),
      output: anyRow,
      request: ({ number, fields, ...wanted }) => {
        const withNumber = fields && [...new Set([...fields, 'number'])]
        return listCall(table, { ...wanted, fields: withNumber, query: query().where('number', '=', number).text(), limit: 2 })
      },
      perform: async (ask, call, { number, displayValue }) => {
        const answer = await ask.send(call)
        const [found, second] = readRows(ask, answer, displayValue)
        if (second) throw ask.failure('broken-answer', `more than one of the ${many} has the number ${number}`)
        if (!found && (answer.total ?? 0) > 0) throw ask.failure('unreadable', `the user may not read ${number}: grant read on ${table}`)
        if (!found) throw ask.failure('not-found', `no ${kind.prefix} ${number}, or the user may not read it`)
        const its = typeof found.number === 'string' ? found.number : found.number?.value
        // An instance drops a condition on a field it does not know, and would then give any record (0.3 fact 3).
        if (its?.toLowerCase() !== number.toLowerCase())
          throw ask.failure('broken-answer', `asked for ${number}, got ${its ?? 'no number'}`)
        return found
      },
      example: { input: { number: kind.exampleNumber }, output: example },
      source: `Table API, GET /now/table/${table}; ${source}`,
      repeat: 'safe',
    }),
    action({
      name: `${family}.list`,
      title: `List ${many}`,
      whenToUse: `To find ${many} by an encoded query.`,
      effect: 'reads',
      shape: 'rows',
      needs: reads,
      paging: 'key',
      input: tableList.input.omit({ table: true }),
      output: anyRows,
      request: wanted => listCall(table, wanted),
      perform: (ask, call, wanted) => tableList.perform(ask, call, { table, ...wanted }),
      example: { input: { query: 'active=true', limit: 10 }, output: { rows: [example], total: 1 } },
      source: `Table API, GET /now/table/${table}; ${source}`,
      repeat: 'safe',
    }),
    action({
      name: `${family}.create`,
      title: `Create ${one}`,
      whenToUse: `To open ${one}. ${hint}`,
      effect: 'changes',
      shape: 'row',
      needs: writes,
      paging: 'none',
      input: tableCreate.input.omit({ table: true }),
      output: anyRow,
      request: ({ values, ...wanted }) => createCall(table, values, wanted),
      perform: async (ask, call, { displayValue }) => readRow(ask, (await ask.send(call)).result, displayValue),
      example: { input: { values: kind.exampleValues }, output: example },
      source: `Table API, POST /now/table/${table}; ${source}`,
      repeat: { probe: 'Give it a correlation_id of your own and list by it.' },
    }),
    action({
      name: `${family}.update`,
      title: `Update ${one}`,
      whenToUse: `To change fields of ${one}, its state among them. ${hint}`,
      effect: 'changes',
      shape: 'row',
      needs: writes,
      paging: 'none',
      input: tableUpdate.input.omit({ table: true }),
      output: anyRow,
      request: ({ sysId, values, ...wanted }) => updateCall(table, sysId, values, wanted),
      perform: async (ask, call, { displayValue }) => readRow(ask, (await ask.send(call)).result, displayValue),
      example: { input: { sysId: EXAMPLE_ID, values: kind.exampleChange }, output: { ...example, ...kind.exampleChange } },
      source: `Table API, PATCH /now/table/${table}/{sys_id}; ${source}`,
      repeat: { probe: 'Get it and compare the fields that were sent; sys_mod_count tells whether anything was saved.' },
    }),
  ] as const
}

const [incident, change, request, requestItem, incidentTask, changeTask, requestTask] = taskFamilies

export const taskRecordActions = [
  ...taskActions(incident),
  ...taskActions(change),
  ...taskActions(request),
  ...taskActions(requestItem),
  ...taskActions(incidentTask),
  ...taskActions(changeTask),
  ...taskActions(requestTask),
] as const
