import type { ApiCall } from '../call/call.ts'
import { json } from '../wire/answer.ts'

/** GET /ui/user/current_user: who am I (contract servicenow-core.md 8.3; not documented by ServiceNow). */
export async function readCurrentUser({ caller }: ApiCall): Promise<Response> {
  const { sysId, userName, name } = caller
  return json(200, {
    result: { user_sys_id: sysId, user_name: userName, user_display_name: name, user_initials: initials(name), user_avatar: '' },
  })
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(word => word !== '')
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : words
  return [first, last].map(word => [...word][0] ?? '').join('')
}
