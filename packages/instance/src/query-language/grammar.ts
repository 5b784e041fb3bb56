import { OPERATORS, type QueryOperator } from './operators.ts'
import { type RelatedHead, readJoin, readRelatedList } from './related-grammar.ts'

/** A query is groups, any of which may hold (`^NQ`); a group is clauses that all hold (`^`); a clause is terms, any of which may hold (`^OR`). */
export interface Query {
  readonly groups: readonly (readonly Clause[])[]
  /** Related lists hold for the whole result, wherever they stand. */
  readonly lists: readonly Term[]
  readonly order: readonly Order[]
}

/** Terms of which one must hold. */
export type Clause = readonly Term[]

/** One condition of a query. */
export type Term = FieldTerm | RelatedTerm | WordsTerm | { readonly kind: 'invalid' }

/** `field operator value`. */
export interface FieldTerm {
  readonly kind: 'field'
  readonly field: string
  readonly operator: QueryOperator
  readonly value: string
}

/** `JOIN` and `RLQUERY`: so many rows of another table hold the query and point to this row. */
export interface RelatedTerm extends RelatedHead {
  readonly kind: 'related'
  readonly query: Query
}

/** Words that are searched for. */
export interface WordsTerm {
  readonly kind: 'words'
  readonly words: string
}

/** A field to sort by. */
export interface Order {
  readonly field: string
  readonly descending: boolean
}

/** Each of these is a subquery of its own; the real thing takes one of a kind. */
const MOST_RELATED = 10

const ORDERING = /^(ORDERBYDESC|ORDERBY|GROUPBY)(.*)$/s
const WORDS = /^(?:123TEXTQUERY321|123TEXTINDEXGROUP321)=?(.*)$/s
const INVALID: Term = { kind: 'invalid' }

/**
 * Reads an encoded query (contract servicenow-core.md 10.1). `^OR` binds tighter than `^`, only `^NQ` splits the whole;
 * there are no parentheses and no way to escape `^`.
 */
export function parse(text: string): Query {
  return new Reader(text.split('^'), 'asked').read()
}

/** A piece is what stands between two `^`. */
class Reader {
  readonly #pieces: readonly string[]
  /** What is related to something else is not related once more: the real thing has no such nesting. */
  readonly #place: 'asked' | 'related'
  readonly #order: Order[] = []
  readonly #groups: Term[][][] = []
  readonly #lists: Term[] = []
  #clauses: Term[][] = []
  #related = 0
  #joins: { from: string; table: string; clauses: Term[][] }[] = []

  constructor(pieces: readonly string[], place: 'asked' | 'related') {
    this.#pieces = pieces
    this.#place = place
  }

  read(): Query {
    let at = 0
    while (at < this.#pieces.length) at = this.#piece(at)
    this.#nextGroup()
    return { groups: this.#groups.length === 0 ? [[]] : this.#groups, lists: this.#lists, order: this.#order }
  }

  /** Reads what begins at a piece and returns where the next begins. */
  #piece(at: number): number {
    let piece = this.#pieces[at]!
    if (/^(?:OR|NQ)?RLQUERY/.test(piece)) return this.#relatedList(at)
    if (at > 0 && piece.startsWith('NQ')) {
      this.#nextGroup()
      piece = piece.slice(2)
    }
    const ordering = ORDERING.exec(piece)
    if (ordering) this.#order.push({ field: ordering[2]!, descending: ordering[1] === 'ORDERBYDESC' })
    // Empty pieces are ignored, and so is the end mark that the UI writes.
    else if (piece !== '' && piece !== 'EQ') {
      const continues = piece.startsWith('OR')
      const rest = continues ? piece.slice(2) : piece
      if (rest.startsWith('JOIN')) return this.#join(at, rest, continues)
      this.#add(term(rest), continues)
    }
    return at + 1
  }

  #add(term: Term, continues: boolean): void {
    if (continues && this.#clauses.length > 0) this.#clauses.at(-1)?.push(term)
    else this.#clauses.push([term])
  }

  #nextGroup(): void {
    if (this.#clauses.length > 0) this.#groups.push(this.#clauses)
    this.#clauses = []
    this.#joins = []
  }

  #mayRelate(): boolean {
    this.#related += 1
    return this.#place === 'asked' && this.#related <= MOST_RELATED
  }

  /** `RLQUERYtable.field,>=1^condition^ENDRLQUERY`; the end may be missing, which ends it with the query. */
  #relatedList(at: number): number {
    const end = this.#pieces.indexOf('ENDRLQUERY', at)
    const after = end < 0 ? this.#pieces.length : end
    const found = this.#mayRelate() ? readRelatedList(this.#pieces[at]!) : undefined
    const conditions = [...(found?.condition ?? []), ...this.#pieces.slice(at + 1, after)]
    this.#lists.push(found ? { kind: 'related', ...found.head, query: new Reader(conditions, 'related').read() } : INVALID)
    return after + 1
  }

  /** `JOINtable.field=other.field!condition^^condition`; one that starts from a joined table belongs to that one. */
  #join(at: number, piece: string, continues: boolean): number {
    const found = this.#mayRelate() ? readJoin(piece) : undefined
    const conditions = [...(found?.condition ?? [])]
    let next = at + 1
    while (this.#pieces[next] === '' && (this.#pieces[next + 1] ?? '') !== '') {
      conditions.push(this.#pieces[next + 1]!)
      next += 2
    }
    if (!found) {
      this.#add(INVALID, continues)
      return next
    }
    const read = new Reader(conditions, 'related').read()
    const { groups } = read
    // The query of a join is one group, to which a further join can be added.
    const clauses: Term[][] = groups.length === 1 ? groups[0]!.map(clause => [...clause]) : []
    const made: Term = { kind: 'related', ...found.head, query: { ...read, groups: groups.length === 1 ? [clauses] : groups } }
    const first = this.#joins[0]
    const carrier = first && first.from !== found.head.from ? this.#joins.find(({ table }) => table === found.head.from) : undefined
    if (carrier) carrier.clauses.push([made])
    else this.#add(made, continues)
    this.#joins.push({ from: found.head.from!, table: found.head.table, clauses })
    return next
  }
}

/** Field names are lower-case letters, digits, `_` and `.`, so the operator begins at the first other character. */
function term(piece: string): Term {
  const words = WORDS.exec(piece)
  if (words) return { kind: 'words', words: words[1]! }
  const field = /^[a-z0-9_.]+/.exec(piece)?.[0]
  if (field === undefined) return INVALID
  const rest = piece.slice(field.length)
  const operator = OPERATORS.find(({ token }) => rest.startsWith(token))
  return operator ? { kind: 'field', field, operator: operator.means, value: rest.slice(operator.token.length) } : INVALID
}
