import { z } from 'zod'
import { action } from '../performing/action.ts'
import { readDescription, tableCall, tableDescription } from '../rows/dictionary.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'

/** What columns a table has, those that it inherits among them, as the instance's own dictionary tells. */

const dictionaryNeeds = tableNeeds('sys_dictionary', { roles: ['personalize_dictionary', 'admin'] })

export const tableDescriptionActions = [
  action({
    name: 'table.describe',
    title: 'Describe a table',
    whenToUse: 'To learn which columns a table has, inherited ones too, with their types, choices and what must be filled in.',
    effect: 'reads',
    shape: 'own',
    needs: { ...dictionaryNeeds, checks: [...dictionaryNeeds.checks, ...tableNeeds('sys_db_object', { roles: ['admin'] }).checks] },
    paging: 'none',
    input: z.strictObject({ table: input.tableName }),
    output: tableDescription,
    request: ({ table }) => tableCall(table),
    perform: (sender, call, { table }) => readDescription(sender, call, table),
    example: {
      input: { table: 'incident' },
      output: {
        name: 'incident',
        label: 'Incident',
        extends: ['task'],
        columns: [
          {
            name: 'hold_reason',
            label: 'On hold reason',
            type: 'integer',
            reference: '',
            maxLength: 40,
            mandatory: false,
            readOnly: false,
            defaultValue: '',
            declaredBy: 'incident',
            choices: [{ value: '1', label: 'Awaiting Caller' }],
          },
        ],
      },
    },
    source: 'Table API on sys_db_object, sys_dictionary, sys_dictionary_override and sys_choice (servicenow-core 3, 11.1)',
    repeat: 'safe',
  }),
] as const
