import type { Desks } from '../connections/index.ts'
import { doneOutput } from '../platform/answers.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import { type TaskUpdate, taskUpdateInput } from './task-input.ts'
import { type WorkParts, workTask } from './work-task.ts'

export const taskRoutes = (parts: WorkParts, desks: Desks): Route[] => [
  route({
    method: 'PATCH',
    path: '/network/kpn/servicenow/Task',
    operationId: 'task-patch',
    tag: 'Task',
    summary: 'Work on a task, or answer an update',
    access: 'partner',
    body: taskUpdateInput,
    output: doneOutput,
    errors: [
      'malformed_json',
      'duplicate_key',
      'invalid_field',
      'invalid_base64',
      'reference_mismatch',
      'number_cut_off',
      'refused_by_service_desk',
      'invalid_token',
      'not_in_agreement',
      'not_found',
      'record_closed',
      'other_reference',
      'other_response',
      'key_reused',
      'too_large',
      'unsupported_media_type',
      'quota_exceeded',
      'internal',
      'service_desk_unavailable',
      'outcome_unknown',
      'spool_full',
      'queue_busy',
    ],
    handle: (call: Call<Caller, unknown, TaskUpdate>) => workTask(parts, desks[call.caller.environment], call),
  }),
]
