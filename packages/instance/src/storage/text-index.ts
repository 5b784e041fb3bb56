import type { ColumnDefinition, TableDefinition } from '../dictionary/definition.ts'
import { quote } from './database.ts'

/**
 * A hidden column of each table that is searched by words: PostgreSQL keeps it up to date, and only when one of its texts changes.
 * Of the 0.4 ms that the statement of a new incident takes, 0.06 are spent on finding its words, 0.05 of them in the description.
 */
export const TEXT_COLUMN = 'searched_words'
/** What it was called while finding words took a time that grew with the square of a text. */
export const FORMER_TEXT_COLUMN = 'text_search'
/** Whose words are reduced to their stems. */
export const TEXT_LANGUAGE = 'english'

/** PostgreSQL indexes a megabyte of one text at most, and refuses to store what is longer. */
const MOST_CHARACTERS = 50_000

/** A word is cut behind so many characters: PostgreSQL looks for its end anew at each `_`, `~` or digit (50,000 of `a_`: over 30 s). */
const LONGEST_WORD = 100

/** A text as its words. It is text: a `<` opens no tag, which PostgreSQL would leave out, nor a comment, of which it would look for the end. */
export function textOf(sql: string): string {
  return `to_tsvector('${TEXT_LANGUAGE}', ${inWords(`left(${sql}, ${MOST_CHARACTERS})`)})`
}

/** What is looked for is cut as what it is looked for in. */
export function inWords(sql: string): string {
  return `regexp_replace(translate(${sql}, '<', ' '), '(\\S{${LONGEST_WORD}})', '\\1 ', 'g')`
}

/** The weights of the fields in their order: a number or name counts most. */
const WEIGHTS = ['A', 'B', 'C', 'D']

/** The definition of the hidden column; undefined for a table that is not searched by words. */
export function textColumn({ textIndex }: TableDefinition, columns: ReadonlyMap<string, ColumnDefinition>): string | undefined {
  if (!textIndex) return undefined
  const parts = textIndex.map((name, at) => {
    if (!columns.has(name)) throw new Error(`there is no field ${name} to index`)
    return `setweight(${textOf(`coalesce(${quote(name)}, '')`)}, '${WEIGHTS[Math.min(at, WEIGHTS.length - 1)]}')`
  })
  return `${TEXT_COLUMN} tsvector generated always as (${parts.join(' || ')}) stored`
}
