import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 9.6; where it has no text, ours. */

/** What a save is refused with over the Table API, in the words of this one. */
export const couldNot = (what: 'created' | 'updated' | 'deleted', record: string, why: Refusal) =>
  new Refusal(why.status === 403 ? 400 : why.status, `${record} record could not be ${what}. ${why.detail ?? why.message}`, '')

export const noRole = () => new Refusal(403, 'User Not Authorized', 'Failed API level ACL Validation')

export const wrongRequest = (message: string) => new Refusal(400, message, '')

export const notYours = () => new Refusal(400, 'Approval for the Change Request could not be found for the current user', '')
