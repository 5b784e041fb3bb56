import { Refusal } from './refusal.ts'

/** The statuses are documented for the CMDB Instance API, the texts are ours: no public source has them. */

export const noClass = (name: string) => new Refusal(404, `Invalid class ${name}`, 'No such class of configuration items')

export const noAttributes = () => new Refusal(400, 'Invalid payload', 'attributes must be an object of field names and values')

/** There such a value ends in an error 500, because it is taken for text unseen. */
export const notText = (field: string) => new Refusal(400, 'Invalid payload', `The value of ${field} must be text`)

export const noSource = (known: readonly string[]) =>
  new Refusal(400, 'Invalid payload', `source must be a discovery source: ${known.join(', ')}`)

export const wrongRelation = (list: string) =>
  new Refusal(400, 'Invalid payload', `${list} must be a list of objects with the sys_ids of a target and a type that exist`)

export const tooManyRelations = (most: number) => new Refusal(400, 'Invalid payload', `At most ${most} relations in one request`)

export const noRelations = () => new Refusal(400, 'Invalid payload', 'inbound_relations or outbound_relations are required')
