import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 2.4. */

export const invalidTable = (name: string) => new Refusal(400, `Invalid table ${name}`)

export const noRecord = () => new Refusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval")

export const rightsException = (write: 'Insert' | 'Update' | 'Delete') =>
  new Refusal(403, 'Operation Failed', `ACL Exception ${write} Failed due to security constraints`)

/** A question about a field that its asker may not read would be an answer about it. */
export const unreadableFields = () =>
  new Refusal(403, 'Insufficient rights to query records', 'Field(s) present in the query do not have permission to be read')

export const abortedBy = (table: string, rule: { name: string; sysId: string }) =>
  new Refusal(
    403,
    'Operation Failed',
    `Operation against file '${table}' was aborted by Business Rule '${rule.name}^${rule.sysId}'. Business Rule Stack:${rule.name}`,
  )

/** Not ServiceNow's text: there such a chain is cut off and logged. */
export const rulesWithoutEnd = () => new Refusal(403, 'Operation Failed', 'Business rules set each other going without end')

export const mandatory = (labels: readonly string[]) =>
  new Refusal(403, 'Operation Failed', `Data Policy Exception: The following fields are mandatory: ${labels.join(', ')}`)

/** The status is documented, the text is one that was seen (contract servicenow-core.md 2.4, row 500). Undefined for any other error. */
export function notUnique(error: unknown): Refusal | undefined {
  const { code, detail } = error as { code?: string; detail?: string }
  if (code !== '23505') return undefined
  const value = /=\((.*)\) already exists/s.exec(detail ?? '')?.[1] ?? ''
  return new Refusal(500, 'Operation Failed', `Unique Key violation detected by database (Duplicate entry '${value}')`)
}
