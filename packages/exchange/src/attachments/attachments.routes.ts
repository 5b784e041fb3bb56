import { query } from '@deskbridge/servicenow'
import { z } from 'zod'
import { includesWord } from '../agreements/index.ts'
import { type Desk, type Desks, inPartnersWords } from '../connections/index.ts'
import { fieldsOf, findBond, findFilers, findShownHistory, owns, splitRow } from '../ownership/index.ts'
import { LONGEST } from '../platform/answers.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { pathPart } from '../platform/json-input.ts'
import { type Call, Raw, type Route, route } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import { attachmentBody } from '../spool/index.ts'

const attachmentOutput = z.object({ name: z.string(), content: z.string().meta({ contentEncoding: 'base64' }), content_type: z.string() })
const sysId = /^[0-9a-f]{32}$/

const missing = (id: string) =>
  new ExchangeError('not_found', `There is no attachment ${id.slice(0, 60)} of yours.`, { field: 'attachment_id' })

/** The file of a record that is the caller's now, on its way out while it is read. */
async function sendAttachment(database: Database, desk: Desk, call: Call<Caller, unknown, unknown>, id: string): Promise<Raw> {
  if (!sysId.test(id)) throw missing(id)
  const { rows } = await inPartnersWords(
    desk.serviceNow.attachment.list({ query: query().where('sys_id', '=', id).text() }, { signal: call.signal }),
  )
  const file = rows[0]
  if (!file || !(await isShown(database, desk, call, file))) throw missing(id)
  // A long file may take longer than a caller waits for an answer; that it begins may not.
  const waiting = new AbortController()
  const tooLate = () => waiting.abort()
  call.signal.addEventListener('abort', tooLate, { once: true })
  const { body } = await inPartnersWords(desk.serviceNow.attachment.download({ sysId: id }, { signal: waiting.signal }))
  call.signal.removeEventListener('abort', tooLate)
  return new Raw(attachmentBody({ name: file.file_name, content_type: file.content_type }, body))
}

/** A file of a request's item is the request's; a file of a task is for who works on the task, from when on it was given to it. */
async function isShown(
  database: Database,
  desk: Desk,
  { caller, signal }: Call<Caller, unknown, unknown>,
  file: { sys_id: string; sys_created_on: string; table_name: string; table_sys_id: string },
): Promise<boolean> {
  const { table_name: table, table_sys_id: id } = file
  const ticketOfItem = desk.mapping.ofItemTable(table)
  const kind = ticketOfItem ?? desk.mapping.ofTable(table)
  if (!kind) return false
  const read = async (from: string, recordId: string, fields: string[]) => {
    const { rows } = await inPartnersWords(
      desk.serviceNow.table.list(
        { table: from, query: query().where('sys_id', '=', recordId).text(), fields, displayValue: 'all', limit: 1, noCount: true },
        { signal },
      ),
    )
    return rows[0] && splitRow(rows[0] as Record<string, unknown>).values
  }
  const field = kind.items?.ticketField ?? ''
  const ticketId = ticketOfItem ? (await read(table, id, [field]))?.[field] : id
  const values = ticketId ? await read(kind.table, ticketId, fieldsOf(desk.mapping, kind)) : undefined
  if (!values) return false
  const filer = await findFilers(database, desk, [caller.partnerId], [values])
  if (!owns(caller, kind, values, filer(values))) return false
  const bond = await findBond(database, caller.environment, caller.partnerId, ticketId!)
  if (!includesWord(caller.terms, desk.mapping.ofRecord(kind, values, bond?.word).word)) return false
  const filed = filer(values) === caller.partnerId
  return (await findShownHistory(database, desk, { caller, signal }, { kind, sysId: ticketId!, values, filed }))(file)
}

/** GET /GetAttachment, each file for a partner to whom it may be shown. */
export function attachmentRoutes(database: Database, desks: Desks): Route[] {
  const row = {
    method: 'GET',
    tag: 'Attachment',
    access: 'partner',
    output: attachmentOutput,
    errors: [
      'invalid_field',
      'invalid_token',
      'not_in_agreement',
      'not_found',
      'quota_exceeded',
      'internal',
      'exchange_unavailable',
      'service_desk_unavailable',
    ],
  } as const
  return [
    route({
      ...row,
      path: '/network/kpn/servicenow/GetAttachment/:attachment_id',
      operationId: 'get-attachment',
      summary: 'Fetch one attachment, base64 in JSON',
      params: z.object({ attachment_id: pathPart(LONGEST.name) }),
      handle: (call: Call<Caller, unknown, unknown, { attachment_id: string }>) =>
        sendAttachment(database, desks[call.caller.environment], call, call.params.attachment_id),
    }),
    route({
      ...row,
      path: '/network/kpn/servicenow/GetAttachment',
      operationId: 'get-attachment-by-query',
      summary: 'The same, with the id as a query parameter',
      query: z.object({ attachment_id: z.string().min(1) }),
      handle: (call: Call<Caller, { attachment_id: string }, unknown>) =>
        sendAttachment(database, desks[call.caller.environment], call, call.query.attachment_id),
    }),
  ]
}
