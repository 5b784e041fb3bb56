import { z } from 'zod'
import { createRow, getRow, listRow, updateRow } from '../rows/record-rows.ts'
import { uniqueRow } from '../rows/unique-row.ts'
import { type TaskFamily, taskFamilies } from './task-families.ts'

const number = z
  .string()
  .regex(/^[A-Za-z]+[0-9]+$/, 'a number is letters followed by digits')
  .max(40)
  .describe('The number that people use, such as INC0010001.')

const BY_NUMBER = { verb: 'getByNumber', key: 'number', field: 'number', called: 'number', value: number } as const

function taskActions<const Name extends string>(kind: TaskFamily<Name>) {
  return [getRow(kind), uniqueRow(kind, BY_NUMBER), listRow(kind), createRow(kind), updateRow(kind)] as const
}

const [incident, change, request, requestItem, incidentTask, changeTask, requestTask, problem, problemTask] = taskFamilies

export const taskRecordActions = [
  ...taskActions(incident),
  ...taskActions(change),
  ...taskActions(request),
  ...taskActions(requestItem),
  ...taskActions(incidentTask),
  ...taskActions(changeTask),
  ...taskActions(requestTask),
  ...taskActions(problem),
  ...taskActions(problemTask),
] as const
