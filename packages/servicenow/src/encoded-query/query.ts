import { provenField, provenValue, UnsafeQueryValue } from './harmless.ts'
import { type ListOperator, LONE_OPERATORS, type LoneOperator, type ValueOperator } from './operators.ts'

/** A value in a query; numbers are finite. */
export type QueryValue = string | number | boolean

/**
 * Builds an encoded query (servicenow-core 10) from proven parts. Each call returns a new query, so that a common part can be shared.
 *
 * `where(…).or(…)` binds tighter than the next `where`: `a^ORb^c` is (a or b) and c. `newQuery()` starts an alternative of the whole.
 * Every method throws UnsafeQueryValue for a field name or value that could be read as anything else.
 * @example
 * const open = query().where('active', '=', true).where('state', '=', 1).or('state', '=', 2)
 * open.orderBy('number').text() // → 'active=true^state=1^ORstate=2^ORDERBYnumber'
 */
export class Query {
  readonly #terms: string
  readonly #orderings: string

  constructor(terms = '', orderings = '') {
    this.#terms = terms
    this.#orderings = orderings
  }

  /** A condition that must hold beside the ones before it. */
  where(field: string, operator: ValueOperator, value: QueryValue): Query
  where(field: string, operator: LoneOperator): Query
  where(field: string, operator: ValueOperator | LoneOperator, value?: QueryValue): Query {
    return this.#and(term(field, operator, value))
  }

  /** An alternative to the condition immediately before it. */
  or(field: string, operator: ValueOperator, value: QueryValue): Query
  or(field: string, operator: LoneOperator): Query
  or(field: string, operator: ValueOperator | LoneOperator, value?: QueryValue): Query {
    return this.#or(field, term(field, operator, value))
  }

  /** One of these values; at least one, none with a comma. At most about 200 sys_ids fit into a URL (12.1). */
  in(field: string, values: readonly QueryValue[], operator: ListOperator = 'IN'): Query {
    return this.#and(list(field, operator, values))
  }

  /** As `in`, as an alternative to the condition immediately before it. */
  orIn(field: string, values: readonly QueryValue[], operator: ListOperator = 'IN'): Query {
    return this.#or(field, list(field, operator, values))
  }

  /** From one value to another, both included. */
  between(field: string, from: QueryValue, to: QueryValue): Query {
    const name = provenField(field)
    return this.#and(`${name}BETWEEN${provenValue(name, 'BETWEEN', from, '@')}@${provenValue(name, 'BETWEEN', to, '@')}`)
  }

  /** Starts an alternative to everything before it. */
  newQuery(): Query {
    if (this.#terms === '' || this.#terms.endsWith('^NQ')) throw new Error('newQuery() needs a condition before it')
    return new Query(`${this.#terms}^NQ`, this.#orderings)
  }

  /** After the orderings before it; smallest first. */
  orderBy(field: string): Query {
    return new Query(this.#terms, `${this.#orderings}^ORDERBY${provenField(field)}`)
  }

  /** After the orderings before it; largest first. */
  orderByDescending(field: string): Query {
    return new Query(this.#terms, `${this.#orderings}^ORDERBYDESC${provenField(field)}`)
  }

  /** The encoded query, not yet percent-encoded. */
  text(): string {
    if (this.#terms.endsWith('^NQ')) throw new Error('newQuery() needs a condition after it')
    return this.#terms === '' ? this.#orderings.slice(1) : this.#terms + this.#orderings
  }

  #and(written: string): Query {
    const separator = this.#terms === '' || this.#terms.endsWith('^NQ') ? '' : '^'
    return new Query(this.#terms + separator + written, this.#orderings)
  }

  #or(field: string, written: string): Query {
    if (this.#terms === '' || this.#terms.endsWith('^NQ')) throw new UnsafeQueryValue(field, 'or() needs a condition before it')
    return new Query(`${this.#terms}^OR${written}`, this.#orderings)
  }
}

/**
 * An empty query: all rows, until a condition is added.
 * @example
 * const answer = await sdk.user.list({ query: query().where('user_name', '=', 'admin').text(), fields: ['user_name'] })
 * answer.rows // → [{ user_name: 'admin' }]
 */
export function query(): Query {
  return new Query()
}

function term(field: string, operator: string, value: QueryValue | undefined): string {
  const name = provenField(field)
  const lone = (LONE_OPERATORS as readonly string[]).includes(operator)
  // `number=` without a value would mean "is empty", which is another question than the one that was meant.
  if (lone !== (value === undefined)) throw new UnsafeQueryValue(name, `${operator} ${lone ? 'takes no' : 'needs a'} value`)
  return value === undefined ? name + operator : name + operator + provenValue(name, operator, value)
}

function list(field: string, operator: ListOperator, values: readonly QueryValue[]): string {
  const name = provenField(field)
  if (values.length === 0) throw new UnsafeQueryValue(name, `${operator} needs at least one value`)
  // Only the first value stands behind the operator, but a reader may split first and glue later: each is proven so.
  return name + operator + values.map(value => provenValue(name, operator, value, ',')).join(',')
}
