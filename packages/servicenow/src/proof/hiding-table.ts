export type Stored = Record<string, string>

export interface HidingTable {
  rows: Stored[]
  /** Rows that the user may not read. */
  hidden: (row: Stored) => boolean
  /** The encoded query, limit and whether a count was asked for, of each call. */
  asked: { query: string; limit: number; counted: boolean; fields: string[] }[]
  /** Called before each answer, so that a test can change rows between pages. */
  before: (nth: number) => void
  fetch: (request: Request) => Promise<Response>
}

/**
 * One table with rights as ServiceNow applies them (servicenow-core 3.5): first the order, then the limit, then the hidden rows are taken
 * out; X-Total-Count counts them all. It understands `=`, `>`, `>=`, `IN`, `^`, `^NQ` and `ORDERBY`, which is what paging by key needs.
 */
export function hidingTable(rows: Stored[]): HidingTable {
  const table: HidingTable = {
    rows,
    hidden: () => false,
    asked: [],
    before: () => {},
    fetch: async request => {
      const parameters = new URL(request.url).searchParams
      const limit = Number(parameters.get('sysparm_limit'))
      const query = parameters.get('sysparm_query') ?? ''
      const counted = parameters.get('sysparm_no_count') !== 'true'
      const fields = parameters.get('sysparm_fields')?.split(',') ?? []
      table.asked.push({ query, limit, counted, fields })
      table.before(table.asked.length)
      const orderings = query
        .split('^')
        .filter(term => term.startsWith('ORDERBY'))
        .map(term => term.slice(7))
      const matching = table.rows
        .filter(row => query.split('^NQ').some(part => part.split('^').every(term => holds(row, term))))
        .sort((a, b) => (orderings.map(field => a[field]).join() < orderings.map(field => b[field]).join() ? -1 : 1))
      const result = matching.slice(0, limit).filter(row => !table.hidden(row))
      return Response.json({ result }, { headers: counted ? { 'x-total-count': String(matching.length) } : {} })
    },
  }
  return table
}

function holds(row: Stored, term: string): boolean {
  if (term === '' || term.startsWith('ORDERBY')) return true
  const [, field = '', operator, value = ''] = /^([a-z_]+)(>=|>|=|IN)(.*)$/.exec(term) ?? []
  const its = row[field]
  if (operator === undefined || its === undefined) throw new Error(`this table does not understand ${term}`)
  if (operator === 'IN') return value.split(',').includes(its)
  return operator === '=' ? its === value : operator === '>' ? its > value : its >= value
}

/** An invented sys_id that sorts as its number does. */
export function idOf(number: number): string {
  return number.toString(16).padStart(32, '0')
}
