import type { InstanceCall } from '../connection/call.ts'
import { canBeCompared, type Fields, isJournal } from './not-taken.ts'
import { isObject } from './record-apis.ts'

/** What finding journal entries needs to know of the record that was written. */
const ABOUT = ['sys_id', 'sys_updated_on', 'sys_mod_count']

/** Characters of `sysparm_fields`: half of what fits into a URL. */
const MOST = 4000

/**
 * A write that also asks back what it sets, so that the answer can be held against it without another call; and how to make the answer
 * what the caller asked for.
 *
 * Journals are not asked for: they have no value, and with them an instance reads the record once more, which may tell of somebody else's
 * later save.
 */
export function widenCall<C extends Pick<InstanceCall, 'parameters'>>(call: C, asked: Fields): { call: C; narrow(result: unknown): void } {
  const { sysparm_fields: given, sysparm_display_value: display } = call.parameters ?? {}
  const chosen = typeof given === 'string' && given !== '' ? given.split(',').map(field => field.trim()) : undefined
  const wanted = [...Object.keys(asked).filter(field => canBeCompared(field, asked[field]) && !isJournal(field)), ...ABOUT]
  const more = chosen ? wanted.filter(field => !chosen.includes(field)) : []
  const fields = chosen && [...chosen, ...more].join(',')
  if (fields !== undefined && fields.length > MOST) return { call, narrow: () => {} }
  const shown = String(display) === 'true'
  const parameters = {
    ...call.parameters,
    ...(fields === undefined ? {} : { sysparm_fields: fields }),
    // A display value cannot be compared: both are asked for.
    ...(shown ? { sysparm_display_value: 'all' } : {}),
  }
  return {
    call: { ...call, parameters },
    narrow: result => {
      if (!isObject(result)) return
      for (const field of more) delete result[field]
      if (shown) for (const field in result) result[field] = onlyShown(result[field])
    },
  }
}

/** As `sysparm_display_value=true` writes it: a text, or for a reference with its link an object without the value (servicenow-core 3.3). */
function onlyShown(both: unknown): unknown {
  if (!isObject(both) || !('display_value' in both)) return both
  const { value: _, ...rest } = both
  return 'link' in rest ? rest : rest.display_value
}
