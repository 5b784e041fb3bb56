import { OPERATORS, type Operator } from './operators.ts'

/** A query is groups, any of which may hold (`^NQ`); a group is clauses that all hold (`^`); a clause is terms, any of which may hold (`^OR`). */
export interface Query {
  readonly groups: readonly (readonly Clause[])[]
  readonly order: readonly Order[]
}

export type Clause = readonly Term[]

export type Term = { readonly field: string; readonly operator: Operator; readonly value: string } | { readonly invalid: string }

export interface Order {
  readonly field: string
  readonly descending: boolean
}

/** What the UI writes and what needs an index that is not there: neither narrows nor counts as an error (contract servicenow-core.md 10.1, 10.2). */
const IGNORED = /^(?:EQ|123TEXTQUERY321.*|123TEXTINDEXGROUP321.*)?$/s

/**
 * Reads an encoded query (contract servicenow-core.md 10.1). `^OR` binds tighter than `^`, only `^NQ` splits the whole;
 * there are no parentheses and no way to escape `^`.
 */
export function parse(text: string): Query {
  const groups: Clause[][] = []
  const order: Order[] = []
  for (const part of text.split('^NQ')) {
    const clauses: Term[][] = []
    for (const piece of part.split('^')) {
      const ordering = /^(ORDERBYDESC|ORDERBY|GROUPBY)(.*)$/s.exec(piece)
      if (ordering) order.push({ field: ordering[2]!, descending: ordering[1] === 'ORDERBYDESC' })
      else if (IGNORED.test(piece)) continue
      else if (piece.startsWith('OR') && clauses.length > 0) clauses.at(-1)?.push(term(piece.slice(2)))
      else clauses.push([term(piece.startsWith('OR') ? piece.slice(2) : piece)])
    }
    if (clauses.length > 0) groups.push(clauses)
  }
  return { groups: groups.length === 0 ? [[]] : groups, order }
}

/** Field names are lower-case letters, digits, `_` and `.`, so the operator begins at the first other character. */
function term(piece: string): Term {
  const field = /^[a-z0-9_.]+/.exec(piece)?.[0]
  if (field === undefined) return { invalid: piece }
  const rest = piece.slice(field.length)
  const operator = OPERATORS.find(({ token }) => rest.startsWith(token))
  if (!operator) return { invalid: piece }
  return { field, operator: operator.means, value: rest.slice(operator.token.length) }
}
