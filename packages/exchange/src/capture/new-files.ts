import { listAll, query, ServiceNowError } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { capturedTables } from './captured-tables.ts'
import type { SeenFile } from './due.store.ts'

export interface NewFiles {
  files: (SeenFile & { createdOn: string })[]
  /** Why some of them cannot be seen. */
  hidden: ServiceNowError | undefined
}

const FILE_FIELDS = ['sys_id', 'table_sys_id', 'table_name', 'sys_created_on']

/** The files that came since then; where some are hidden, those that are not. */
export async function readNewFiles(desk: Desk, since: string): Promise<NewFiles> {
  const tables = query().in('table_name', capturedTables(desk))
  const asSeen = (row: Record<string, string>) => ({
    sysId: row.sys_id!,
    recordSysId: row.table_sys_id!,
    table: row.table_name!,
    createdOn: row.sys_created_on!,
  })
  try {
    const { rows } = await desk.serviceNow.attachment.list({ since, query: tables.text() })
    return { files: rows.map(row => asSeen(row as unknown as Record<string, string>)), hidden: undefined }
  } catch (error) {
    if (!(error instanceof ServiceNowError) || !['unreadable', 'forbidden'].includes(error.kind)) throw error
    const files: NewFiles['files'] = []
    const walk = { table: 'sys_attachment', query: tables.where('sys_created_on', '>=', since).text(), fields: FILE_FIELDS }
    for await (const row of listAll(desk.serviceNow, walk)) files.push(asSeen(row as Record<string, string>))
    return { files, hidden: error }
  }
}
