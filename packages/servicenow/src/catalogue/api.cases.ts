import type { CasesOf } from '../proof/case.ts'
import { description } from '../proof/ground.ts'

export function apiCases(): CasesOf<'api'> {
  return {
    'api.read': async () => ({
      input: { path: '/api/now/ui/user/current_user' },
      answer: { status: 200, body: { result: { user_name: 'admin' } } },
    }),
    'api.request': async () => ({
      input: { method: 'POST', path: '/api/now/table/incident', parameters: { sysparm_fields: 'state' }, json: description() },
      answer: { status: 201, body: { result: { state: '1' } } },
    }),
  }
}
