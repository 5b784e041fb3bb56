import { z } from 'zod'
import { createRow, getRow, listRow, type RecordFamily, updateRow } from './record-rows.ts'
import { uniqueRow } from './unique-row.ts'

/** One kind of task record: it has a number. */
export interface TaskFamily<Name extends string = string> extends RecordFamily<Name> {
  /** Number prefix (servicenow-core 11.2). */
  readonly prefix: string
}

/** sys_id of the record in all examples of task records. */
export const EXAMPLE_TASK = '9d385017c611228701d22104cc95c371'

const number = z
  .string()
  .regex(/^[A-Za-z]+[0-9]+$/, 'a number is letters followed by digits')
  .max(40)
  .describe('The number that people use, such as INC0010001.')

const BY_NUMBER = { verb: 'getByNumber', key: 'number', field: 'number', called: 'number', value: number } as const

/** The five rows that every kind of task record has: get, getByNumber, list, create, update. */
export function taskRows<const Name extends string>(kind: TaskFamily<Name>) {
  return [getRow(kind), uniqueRow(kind, BY_NUMBER), listRow(kind), createRow(kind), updateRow(kind)] as const
}
