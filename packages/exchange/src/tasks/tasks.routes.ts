import type { Desks } from '../connections/index.ts'
import type { PatchParts } from '../patches/index.ts'
import { doneOutput, UPDATE_ERRORS } from '../platform/answers.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import { type TaskPatch, taskPatchInput } from './task-input.ts'
import { workTask } from './work-task.ts'

/** The operations on tasks, each for a provider of the task. */
export const taskRoutes = (parts: PatchParts, desks: Desks): Route[] => [
  route({
    method: 'PATCH',
    path: '/network/kpn/servicenow/Task',
    operationId: 'task-patch',
    tag: 'Task',
    summary: 'Work on a task, or answer an update',
    access: 'partner',
    body: taskPatchInput,
    output: doneOutput,
    errors: UPDATE_ERRORS,
    handle: (call: Call<Caller, unknown, TaskPatch>) => workTask(parts, desks[call.caller.environment], call),
  }),
]
