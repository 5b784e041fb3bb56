import type { InstanceCall } from '../connection/call.ts'
import type { DisplayValue } from './row.ts'

/** The Table API's calls (servicenow-core 3), for any table. Reference links are never asked for: they double the size of an answer. */

const ALL_ROWS_AT_ONCE = 1000

interface Chosen {
  fields?: string[] | undefined
  displayValue?: DisplayValue | undefined
}

interface Wanted extends Chosen {
  query?: string | undefined
  limit?: number | undefined
  offset?: number | undefined
  noCount?: boolean | undefined
}

/** Lists records; 1,000 where no limit is given. */
export function listCall(table: string, { query, limit, offset, noCount, ...chosen }: Wanted): InstanceCall {
  const parameters = {
    sysparm_query: query === '' ? undefined : query,
    ...chosenParameters(chosen),
    sysparm_limit: limit ?? ALL_ROWS_AT_ONCE,
    sysparm_offset: offset,
    sysparm_no_count: noCount === true ? true : undefined,
    // The Link header repeats the whole query four times and is never read.
    sysparm_suppress_pagination_header: true,
  }
  return { method: 'GET', path: `/api/now/table/${table}`, parameters }
}

/** Reads one record. */
export function getCall(table: string, sysId: string, chosen: Chosen): InstanceCall {
  return { method: 'GET', path: `/api/now/table/${table}/${sysId}`, parameters: chosenParameters(chosen) }
}

/** Creates a record. */
export function createCall(table: string, values: object, chosen: Chosen): InstanceCall {
  return { method: 'POST', path: `/api/now/table/${table}`, parameters: chosenParameters(chosen), json: values }
}

/** Changes the given fields of a record. */
export function updateCall(table: string, sysId: string, values: object, chosen: Chosen): InstanceCall {
  return { method: 'PATCH', path: `/api/now/table/${table}/${sysId}`, parameters: chosenParameters(chosen), json: values }
}

/** Deletes a record; its answer has nothing in it. */
export function deleteCall(table: string, sysId: string): InstanceCall {
  return { method: 'DELETE', path: `/api/now/table/${table}/${sysId}`, answer: 'nothing' }
}

function chosenParameters({ fields, displayValue }: Chosen): NonNullable<InstanceCall['parameters']> {
  return {
    sysparm_display_value: displayValue === 'false' ? undefined : displayValue,
    sysparm_fields: fields?.join(','),
    sysparm_exclude_reference_link: true,
  }
}
