import { DEMO } from '@deskbridge/instance'
import { expect } from 'vitest'
import type { ServiceNow } from '../sdk/sdk.ts'
import type { Row } from '../table-api/row.ts'

const FIELDS = ['sys_id'] as const

let last = 0
/** A name that nothing else in the instance has. */
export const unique = (word: string) => `${word} ${++last} ${process.pid}`
export const description = () => ({ short_description: unique('made by a case') })
export const containing = (row: object) => expect.arrayContaining([expect.objectContaining(row)]) as unknown[]

/** What cases stand on: records that are made for one case alone. */
export type Ground = ReturnType<typeof groundOf>

/** @param sdk signed in as `admin` at a practice instance with its demo company */
export function groundOf(sdk: ServiceNow) {
  const make = async (table: string, values: Row = {}): Promise<string> =>
    (await sdk.table.create({ table, values: { short_description: unique(table), ...values }, fields: [...FIELDS] })).sys_id!
  const makeNumbered = async (table: string, values: Row = {}) => {
    const sysId = await make(table, values)
    return { sysId, number: (await sdk.table.get({ table, sysId, fields: ['number'] })).number! }
  }
  const makeNamed = async (table: string) => {
    const name = unique(table)
    return { name, sysId: (await sdk.table.create({ table, values: { name }, fields: [...FIELDS] })).sys_id! }
  }
  const makeUser = async () => {
    const userName = unique('user').replaceAll(' ', '.')
    return { userName, sysId: (await sdk.table.create({ table: 'sys_user', values: { user_name: userName } })).sys_id! }
  }
  const makeMembership = async () => {
    const input = { group: (await makeNamed('sys_user_group')).sysId, user: (await makeUser()).sysId }
    return { input, sysId: (await sdk.table.create({ table: 'sys_user_grmember', values: input })).sys_id! }
  }
  const makeApproval = async () => {
    const change = await make('change_request')
    const values = { approver: DEMO.admin.sysId, sysapproval: change, source_table: 'change_request', state: 'requested' }
    return { change, sysId: (await sdk.table.create({ table: 'sysapproval_approver', values })).sys_id! }
  }
  const readFirst = async (table: string) => (await sdk.table.list({ table, fields: [...FIELDS], limit: 1 })).rows[0]!.sys_id!
  return { sdk, make, makeNumbered, makeNamed, makeUser, makeMembership, makeApproval, readFirst }
}
