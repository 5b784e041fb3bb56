import { type Answer, address, ask, basic } from './answer.ts'
import type { AttachedFile } from './partner.ts'

export interface DeskAccess {
  url: string
  username?: string
  password?: string
}

/** A record of the service desk's ServiceNow: raw field values. */
export interface DeskRecord {
  table: string
  sys_id: string
  number: string
  fields: Record<string, string>
}

type Values = Readonly<Record<string, string>>

const TABLES: Readonly<Record<string, string>> = {
  INC: 'incident',
  CHG: 'change_request',
  REQ: 'sc_request',
  RITM: 'sc_req_item',
  TASK: 'incident_task',
  CTASK: 'change_task',
  SCTASK: 'sc_task',
}

/** Somebody at the operator's service desk, at work in ServiceNow: the Table and Attachment APIs, on the instance's own port. */
export class Desk {
  readonly access: DeskAccess

  constructor(access: DeskAccess) {
    this.access = access
  }

  ask(method: string, path: string, query: Readonly<Record<string, string>> = {}, body?: Values): Promise<Answer> {
    const { url, username = '', password = '' } = this.access
    return ask(address(url, path, query), {
      method,
      headers: { authorization: basic(username, password), accept: 'application/json', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  }

  async create(table: string, values: Values): Promise<DeskRecord> {
    const { body } = expectStatus(201, await this.ask('POST', `/api/now/table/${table}`, PLAIN, values))
    return asRecord(table, body.result)
  }

  async change({ table, sys_id }: DeskRecord, values: Values): Promise<DeskRecord> {
    const { body } = expectStatus(200, await this.ask('PATCH', `/api/now/table/${table}/${sys_id}`, PLAIN, values))
    return asRecord(table, body.result)
  }

  comment(record: DeskRecord, comments: string): Promise<DeskRecord> {
    return this.change(record, { comments })
  }

  workNote(record: DeskRecord, work_notes: string): Promise<DeskRecord> {
    return this.change(record, { work_notes })
  }

  /** Adds a file; gives its sys_id. */
  async attach({ table, sys_id }: DeskRecord, { name, bytes, contentType = 'application/octet-stream' }: AttachedFile): Promise<string> {
    const { url, username = '', password = '' } = this.access
    const query = { table_name: table, table_sys_id: sys_id, file_name: name }
    const answer = await ask(address(url, '/api/now/attachment/file', query), {
      method: 'POST',
      headers: { authorization: basic(username, password), 'content-type': contentType },
      body: bytes,
    })
    return expectStatus(201, answer).body.result.sys_id
  }

  async read({ table, sys_id }: Pick<DeskRecord, 'table' | 'sys_id'>): Promise<DeskRecord> {
    const { body } = expectStatus(200, await this.ask('GET', `/api/now/table/${table}/${sys_id}`, PLAIN))
    return asRecord(table, body.result)
  }

  /** A record as a person sees it: labels, and what references show. */
  async shown(table: string, sysId: string): Promise<Record<string, string>> {
    const query = { ...PLAIN, sysparm_display_value: 'true' }
    return expectStatus(200, await this.ask('GET', `/api/now/table/${table}/${sysId}`, query)).body.result
  }

  async find(table: string, query: string): Promise<DeskRecord[]> {
    const { body } = expectStatus(200, await this.ask('GET', `/api/now/table/${table}`, { ...PLAIN, sysparm_query: query }))
    return body.result.map((fields: Record<string, string>) => asRecord(table, fields))
  }

  /** The record that a partner knows under this number. */
  async record(shownNumber: string): Promise<DeskRecord> {
    const number = shownNumber.replace('#', '')
    const table = TABLES[/^[A-Z]+/.exec(number)?.[0] ?? '']
    const [record, another] = table ? await this.find(table, `number=${number}`) : []
    if (!record || another) throw new Error(`The desk has ${another ? 'several records' : 'no record'} with the number ${shownNumber}.`)
    return record
  }

  /** The texts of a record's journal, oldest first. */
  async journal({ sys_id }: DeskRecord, element: 'comments' | 'work_notes'): Promise<string[]> {
    const query = `element_id=${sys_id}^element=${element}^ORDERBYsys_created_on`
    return (await this.find('sys_journal_field', query)).map(({ fields }) => fields.value ?? '')
  }

  async filesOf({ sys_id }: DeskRecord): Promise<Record<string, string>[]> {
    const answer = await this.ask('GET', '/api/now/attachment', { sysparm_query: `table_sys_id=${sys_id}^ORDERBYsys_created_on` })
    return expectStatus(200, answer).body.result
  }

  async bytesOf(fileId: string): Promise<Uint8Array> {
    const { url, username = '', password = '' } = this.access
    const response = await fetch(`${url}/api/now/attachment/${fileId}/file`, { headers: { authorization: basic(username, password) } })
    return new Uint8Array(await response.arrayBuffer())
  }
}

/** Raw values, references as plain sys_ids. */
const PLAIN = { sysparm_exclude_reference_link: 'true' }

const asRecord = (table: string, fields: Record<string, string>): DeskRecord => ({
  table,
  sys_id: fields.sys_id ?? '',
  number: fields.number ?? '',
  fields,
})

function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status !== status) throw new Error(`The desk was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}
