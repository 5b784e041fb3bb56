/**
 * A straightforward reader of encoded queries over rows in memory, written from the contract (servicenow-core.md 10) and not from
 * the code that it is held against: split, look at each row, sort. It knows the operators that need no clock and no directory.
 */

/** Raw values by field, dot-walked ones among them; empty is the empty string. */
export type Row = Readonly<Record<string, string>>

export type Kind = 'text' | 'number' | 'truth' | 'moment' | 'key'

export interface Reading {
  /** The fields that exist; what is not here is an unknown field. */
  readonly kinds: Readonly<Record<string, Kind>>
  /** For a reference: the field of the same row that holds what it shows. */
  readonly shows: Readonly<Record<string, string>>
  /** Rows of other tables, which related lists ask about. */
  readonly tables: Readonly<Record<string, readonly Row[]>>
}

const OPERATORS = [
  ...['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'NOTIN', 'LIKE', 'CONTAINS', '*', 'NOT LIKE', 'NOTLIKE', '!*', 'DOES NOT CONTAIN'],
  ...['STARTSWITH', 'ENDSWITH', '%', 'ISEMPTY', 'EMPTYSTRING', 'ISNOTEMPTY', 'ANYTHING', 'BETWEEN', 'ON', 'NOTON', 'SAMEAS', 'NSAMEAS'],
  ...['GT_FIELD', 'LT_FIELD', 'GT_OR_EQUALS_FIELD', 'LT_OR_EQUALS_FIELD'],
].sort((a, b) => b.length - a.length)

/** The rows that a query finds, in its order; rows that it does not tell apart are in the order of their sys_id. */
export function read(query: string, rows: readonly Row[], reading: Reading): Row[] {
  const pieces: string[] = []
  const related: Check[] = []
  const all = query.split('^')
  for (let at = 0; at < all.length; at += 1) {
    if (!all[at]!.startsWith('RLQUERY')) pieces.push(all[at]!)
    else {
      const end = all.indexOf('ENDRLQUERY', at)
      related.push(relatedList(all[at]!, all.slice(at + 1, end).join('^'), reading))
      at = end
    }
  }
  const order = pieces.flatMap(piece => {
    const [, word, field = ''] = /^(ORDERBYDESC|ORDERBY|GROUPBY)(.*)$/.exec(piece) ?? []
    return word && reading.kinds[field] ? [{ field, down: word === 'ORDERBYDESC' }] : []
  })
  const groups = pieces
    .filter(piece => !/^(NQ)?(ORDERBY|GROUPBY)/.test(piece))
    .join('^')
    .split('^NQ')
    .map(group => clauses(group, reading))
    .filter(group => group.length > 0)
  const found = rows.filter(
    row =>
      related.every(check => check(row)) &&
      (groups.length === 0 || groups.some(group => group.every(clause => clause.length === 0 || clause.some(term => term(row))))),
  )
  return found.sort((a, b) => {
    for (const { field, down } of order) {
      const by =
        reading.kinds[field] === 'number'
          ? compare(counted(a[field]!), counted(b[field]!))
          : compare(shown(a, field, reading), shown(b, field, reading))
      if (by !== 0) return down ? -by : by
    }
    return compare(a.sys_id!, b.sys_id!)
  })
}

type Check = (row: Row) => boolean

/** Clauses of a group, each the terms of which one must hold; an invalid term is in none of them. */
function clauses(group: string, reading: Reading): Check[][] {
  const made: Check[][] = []
  for (const piece of group.split('^')) {
    if (piece === '' || piece === 'EQ') continue
    const continues = piece.startsWith('OR')
    const term = check(continues ? piece.slice(2) : piece, reading)
    if (!continues || made.length === 0) made.push([])
    if (term) made.at(-1)!.push(term)
  }
  return made
}

function relatedList(head: string, condition: string, reading: Reading): Check {
  const [, table = '', field = '', sign = '', count = ''] = /^RLQUERY(\w+)\.(\w+),([<>=!]+)(\d+)$/.exec(head) ?? []
  const others = read(condition, reading.tables[table] ?? [], reading)
  return row => holds(sign, others.filter(other => other[field] === row.sys_id).length, Number(count))
}

function check(term: string, reading: Reading): Check | undefined {
  const field = /^[a-z0-9_.]*/.exec(term)![0]
  const operator = OPERATORS.find(one => term.startsWith(one, field.length))
  const kind = reading.kinds[field]
  if (!operator || !kind) return undefined
  const value = term.slice(field.length + operator.length)
  const own = (row: Row) => row[field]!
  const text = (row: Row) => shown(row, field, reading)
  const has = (row: Row) => own(row) !== ''
  const wanted = value.toLowerCase()
  const contains: Check = row => text(row) !== '' && text(row).includes(wanted)
  const list: Check = row => value.split(',').some(one => (one === '' ? !has(row) : equal(kind, own(row), one)))
  const within =
    (from: string, to: string): Check =>
    row =>
      ordered('>=', kind, own(row), from) && ordered('<=', kind, own(row), to)
  switch (operator) {
    case '=':
      return row => (value === '' ? !has(row) : equal(kind, own(row), value) || (kind === 'key' && has(row) && text(row) === wanted))
    case '!=':
      return row => (value === '' ? has(row) : !(equal(kind, own(row), value) || (kind === 'key' && has(row) && text(row) === wanted)))
    case '<':
    case '<=':
    case '>':
    case '>=':
      return row => ordered(operator, kind, own(row), value)
    case 'IN':
      return list
    case 'NOT IN':
    case 'NOTIN':
      return row => !list(row)
    case 'LIKE':
    case 'CONTAINS':
    case '*':
      return contains
    case 'NOT LIKE':
    case 'NOTLIKE':
    case '!*':
    case 'DOES NOT CONTAIN':
      return row => !contains(row)
    case 'STARTSWITH':
      return row => text(row) !== '' && text(row).startsWith(wanted)
    case 'ENDSWITH':
    case '%':
      return row => text(row) !== '' && text(row).endsWith(wanted)
    case 'ISEMPTY':
    case 'EMPTYSTRING':
      return row => !has(row)
    case 'ISNOTEMPTY':
      return has
    case 'ANYTHING':
      return () => true
    case 'BETWEEN': {
      const [from = '', to] = value.split('@')
      return to === undefined ? undefined : within(from, to)
    }
    case 'ON':
    case 'NOTON': {
      const [, from = '', to] = value.split('@')
      if (to === undefined) return undefined
      return row => within(from, to)(row) === (operator === 'ON')
    }
    default:
      return ofTwoFields(operator, field, value, reading)
  }
}

function ofTwoFields(operator: string, field: string, other: string, { kinds }: Reading): Check | undefined {
  if (kinds[other] !== kinds[field]) return undefined
  const kind = kinds[field]!
  const same: Check = row => row[field]!.toLowerCase() === row[other]!.toLowerCase()
  if (operator === 'SAMEAS') return same
  if (operator === 'NSAMEAS') return row => !same(row)
  const sign = { GT_FIELD: '>', LT_FIELD: '<', GT_OR_EQUALS_FIELD: '>=', LT_OR_EQUALS_FIELD: '<=' }[operator]!
  return row => row[other] !== '' && ordered(sign, kind, row[field]!, row[other]!)
}

/** What contains and sorting look at. */
function shown(row: Row, field: string, { shows }: Reading): string {
  return row[shows[field] ?? field]!.toLowerCase()
}

/** A value in a form that can be compared, or undefined when it is no value of its kind. */
function comparable(kind: Kind, value: string): string | number | undefined {
  switch (kind) {
    case 'number':
      return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined
    case 'truth':
      return { true: 'true', '1': 'true', false: 'false', '0': 'false' }[value.toLowerCase()]
    case 'moment':
      return /^\d{4}-\d\d-\d\d$/.test(value) ? `${value} 00:00:00` : /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? value : undefined
    case 'key':
      return value
    case 'text':
      return value.toLowerCase()
  }
}

function equal(kind: Kind, own: string, value: string): boolean {
  const wanted = comparable(kind, value)
  return own !== '' && wanted !== undefined && comparable(kind, own) === wanted
}

function ordered(sign: string, kind: Kind, own: string, value: string): boolean {
  const mine = comparable(kind, own)
  const wanted = comparable(kind, value)
  return own !== '' && mine !== undefined && wanted !== undefined && holds(sign, mine, wanted)
}

function holds<T extends string | number>(sign: string, left: T, right: T): boolean {
  switch (sign) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '!=':
      return left !== right
    default:
      return left === right
  }
}

/** An empty number stands before all others. */
function counted(text: string): number {
  return text === '' ? Number.NEGATIVE_INFINITY : Number(text)
}

function compare<T extends string | number>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0
}
