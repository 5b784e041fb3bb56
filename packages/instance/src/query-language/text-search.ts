import { quote } from '../storage/database.ts'
import { inWords, TEXT_COLUMN, TEXT_LANGUAGE, textOf } from '../storage/text-index.ts'
import type { Question } from './question.ts'

/**
 * Quotation marks, `or` and `-` mean something. PostgreSQL takes any words, except that it gives up on some thirty minus signs that
 * wait for a word, so only the one in front of a word is kept.
 */
function asQuery(words: string, { parameters }: Question): string {
  return `websearch_to_tsquery('${TEXT_LANGUAGE}', ${inWords(parameters.add(words.replace(/(?<=\S)-|-(?![\p{L}\p{N}])/gu, ' '), 'text'))})`
}

/**
 * `123TEXTQUERY321=words`: all words are in the record's text fields, or in one entry of a journal that the caller may read. A table
 * without a text index ignores the term (contract servicenow-core.md 10.2).
 */
export function textMatch(words: string, question: Question): string {
  const { database, dictionary, table, parameters } = question
  if (!table.textIndexed) return 'true'
  const wanted = asQuery(words, question)
  question.wanted.push(wanted)
  const own = `t.${quote(TEXT_COLUMN)} @@ ${wanted}`
  const journal = dictionary.table('sys_journal_field')
  const read = journal && parameters.attempt(() => (question.visible(journal, parameters) === undefined ? true : undefined))
  if (!journal || !read || ![...table.columns.values()].some(({ type }) => type === 'journal')) return own
  // Two indexes answer this only when the answers are put together, not with an `or`.
  return `t.sys_id in (select t.sys_id from ${database.name(table.root)} t where ${own}
    union all select t.element_id from ${database.name(journal.root)} t where ${textOf('t.value')} @@ ${wanted})`
}

/** Without an order, what fits the words best comes first. The values are those of the condition: an order adds none. */
export function bestMatchFirst({ wanted }: Question): string {
  return wanted.length === 0 ? '' : ` order by ts_rank(t.${quote(TEXT_COLUMN)}, ${wanted.join(' || ')}) desc, t.sys_id`
}
