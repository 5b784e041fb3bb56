import { json } from '../wire/answer.ts'
import type { Call } from '../wire/call.ts'

/** GET /ui/user/current_user: who am I (contract servicenow-core.md 8.3; not documented by ServiceNow). */
export async function currentUser({ caller }: Call): Promise<Response> {
  return json(200, { result: { user_sys_id: caller.sysId, user_name: caller.userName, user_display_name: caller.name } })
}
