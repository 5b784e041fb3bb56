import { type Action, jsonSchema } from '@deskbridge/servicenow'
import { binaryFields } from '../catalogue/bytes-in.ts'

/** The arguments that hold fields of a record. What of them is to be emptied stands in `clear`. */
export const RECORDS: readonly string[] = ['values', 'attributes']

/** The input without what is empty: assistants fill in "" or null for what they do not mean. An empty file is one. */
export function withoutEmpty(row: Pick<Action, 'input'>, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { properties = {} } = jsonSchema(row.input, 'input')
  const files = binaryFields(row.input, 'input')
  const isMeant = ([name, value]: readonly [string, unknown]) =>
    (files.includes(name) && value === '') || !(isEmpty(value) || (properties[name]?.type === 'array' && isEmptyList(value)))
  const withoutBlanks = Object.entries(input).map(
    ([name, value]) =>
      [name, properties[name]?.type === 'array' && Array.isArray(value) ? value.filter(one => !isEmpty(one)) : value] as const,
  )
  const meant = withoutBlanks.filter(isMeant)
  return Object.fromEntries(meant.map(([name, value]) => [name, RECORDS.includes(name) ? withoutEmptyFields(value) : value]))
}

function withoutEmptyFields(record: unknown): unknown {
  if (!(record instanceof Object) || Array.isArray(record)) return record
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !isEmpty(value)))
}

const isEmpty = (value: unknown) => value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0
