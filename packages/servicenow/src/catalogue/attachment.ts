import { z } from 'zod'
import { inEveryPart } from '../encoded-query/every-part.ts'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import { EXAMPLE_FILE, metadata, metadataFrom } from '../rows/attachment-metadata.ts'
import { firstPage, readEveryRow } from '../rows/every-row.ts'
import * as input from '../rows/input.ts'
import { ATTACHMENT_NEEDS } from '../rows/needs.ts'
import { deleted } from '../rows/output.ts'
import { attachmentFileActions } from './attachment-file.ts'

/** Files at records. Their bytes are in attachment-file.ts. */

const listInput = z
  .strictObject({
    recordIds: input.recordIds.optional(),
    since: input.since.optional(),
    query: input.encodedQuery.describe('Encoded query on sys_attachment, without an ordering.'),
  })
  .refine(asked => asked.recordIds || asked.since || asked.query, 'recordIds, since or query is needed, or every attachment would be read')

function filterOf({ recordIds, since, query: given = '' }: z.output<typeof listInput>): string {
  let filter = query()
  if (recordIds) filter = filter.in('table_sys_id', recordIds)
  if (since) filter = filter.where('sys_created_on', '>=', since)
  const ours = filter.text()
  return inEveryPart(given, ours === '' ? [] : [ours], [])
}

export const attachmentActions = [
  action({
    name: 'attachment.list',
    title: 'List attachments',
    whenToUse: 'To see which files records have, oldest first, without their bytes. Fails when some are hidden from the user.',
    effect: 'reads',
    shape: 'own',
    needs: ATTACHMENT_NEEDS,
    paging: 'none',
    input: listInput,
    output: z.object({ rows: z.array(metadata) }),
    request: asked => ({ method: 'GET', path: '/api/now/attachment', parameters: firstPage(filterOf(asked)) }),
    perform: async (sender, call, asked) => {
      const records = asked.recordIds && new Set(asked.recordIds)
      const rows = await readEveryRow(sender, call, {
        filter: filterOf(asked),
        table: 'sys_attachment',
        read: record => metadataFrom(sender, record),
        belongs: row => records?.has(row.table_sys_id) ?? true,
      })
      return { rows }
    },
    example: { input: { recordIds: [EXAMPLE_FILE.table_sys_id], since: '2026-01-31 10:00:00' }, output: { rows: [EXAMPLE_FILE] } },
    source: 'Attachment API, GET /now/attachment (servicenow-core 4)',
    repeat: 'safe',
  }),
  action({
    name: 'attachment.get',
    title: 'Get the metadata of an attachment',
    whenToUse: 'To read name, type, size and record of one file.',
    effect: 'reads',
    shape: 'own',
    needs: ATTACHMENT_NEEDS,
    paging: 'none',
    input: z.strictObject({ sysId: input.sysId }),
    output: metadata,
    request: ({ sysId }) => ({ method: 'GET', path: `/api/now/attachment/${sysId}` }),
    perform: async (sender, call) => metadataFrom(sender, (await sender.send(call)).result),
    example: { input: { sysId: EXAMPLE_FILE.sys_id }, output: EXAMPLE_FILE },
    source: 'Attachment API, GET /now/attachment/{sys_id} (servicenow-core 4)',
    repeat: 'safe',
  }),
  ...attachmentFileActions,
  action({
    name: 'attachment.delete',
    title: 'Delete an attachment',
    whenToUse: 'To remove a file from its record for good.',
    effect: 'deletes',
    shape: 'own',
    needs: ATTACHMENT_NEEDS,
    paging: 'none',
    input: z.strictObject({ sysId: input.sysId }),
    output: deleted,
    request: ({ sysId }) => ({ method: 'DELETE', path: `/api/now/attachment/${sysId}`, answer: 'nothing' }),
    perform: async (sender, call) => {
      await sender.send(call)
      return { deleted: true as const }
    },
    example: { input: { sysId: EXAMPLE_FILE.sys_id }, output: { deleted: true } },
    source: 'Attachment API, DELETE /now/attachment/{sys_id} (servicenow-core 4)',
    repeat: { probe: 'attachment.get: not-found means it is gone.' },
  }),
] as const
