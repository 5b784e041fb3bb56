import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import { firstPage, readEveryRow } from '../rows/every-row.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { columnsFrom } from '../rows/reading.ts'

/** Which field changed from what to what, as the instance's audit wrote it down. */

const REQUIRED = ['sys_id', 'tablename', 'fieldname', 'documentkey', 'oldvalue', 'newvalue', 'user', 'sys_created_on'] as const
const OPTIONAL = ['record_checkpoint', 'reason'] as const
const EXAMPLE_TASK = '9d385017c611228701d22104cc95c371'

const change = z.object({
  sys_id: z.string(),
  tablename: z.string().describe('Concrete class of the record.'),
  fieldname: z.string(),
  documentkey: z.string().describe('sys_id of the record.'),
  oldvalue: z.string(),
  newvalue: z.string(),
  user: z.string().describe('user_name of whoever changed it.'),
  sys_created_on: z.string().describe('UTC, YYYY-MM-DD HH:MM:SS.'),
  record_checkpoint: z.string().describe('Number of the save: the same for all fields of one save; empty where the instance has none.'),
  reason: z.string(),
})

const listInput = z.strictObject({ recordIds: input.recordIds, since: input.since.optional() })

function filterOf({ recordIds, since }: z.output<typeof listInput>): string {
  const filter = query().in('documentkey', recordIds)
  return (since ? filter.where('sys_created_on', '>=', since) : filter).text()
}

export const auditActions = [
  action({
    name: 'audit.list',
    title: 'List field changes',
    whenToUse:
      'To read every audited field change of up to 200 records, oldest first. Needs admin-level rights; only audited tables have rows.',
    effect: 'reads',
    shape: 'own',
    needs: tableNeeds('sys_audit', { roles: ['admin'] }),
    paging: 'none',
    input: listInput,
    output: z.object({ rows: z.array(change) }),
    request: asked => ({
      method: 'GET',
      path: '/api/now/table/sys_audit',
      parameters: {
        ...firstPage(filterOf(asked)),
        sysparm_fields: [...REQUIRED, ...OPTIONAL].join(','),
        sysparm_exclude_reference_link: true,
        sysparm_suppress_pagination_header: true,
      },
    }),
    perform: async (sender, call, asked) => {
      const records = new Set(asked.recordIds)
      const rows = await readEveryRow(sender, call, {
        filter: filterOf(asked),
        table: 'sys_audit',
        read: record => columnsFrom(sender, record, { required: REQUIRED, optional: OPTIONAL }),
        belongs: row => records.has(row.documentkey),
      })
      return { rows }
    },
    example: {
      input: { recordIds: [EXAMPLE_TASK], since: '2026-01-31 10:00:00' },
      output: {
        rows: [
          {
            sys_id: '1b2c3d4e5f60718293a4b5c6d7e8f90a',
            tablename: 'incident',
            fieldname: 'state',
            documentkey: EXAMPLE_TASK,
            oldvalue: '1',
            newvalue: '2',
            user: 'abel.tuter',
            sys_created_on: '2026-01-31 10:00:05',
            record_checkpoint: '3',
            reason: '',
          },
        ],
      },
    },
    source: 'Table API on sys_audit (servicenow-core 12.3)',
    repeat: 'safe',
  }),
] as const
