import { quote } from '../storage/database.ts'
import { TEXT_COLUMN, TEXT_LANGUAGE, textOf } from '../storage/text-index.ts'
import type { Question } from './condition.ts'
import type { Query } from './grammar.ts'

/** Quotation marks, `or` and `-` mean something; no words are an error. */
function wanted(words: string, { parameters }: Question): string {
  return `websearch_to_tsquery('${TEXT_LANGUAGE}', ${parameters.add(words, 'text')})`
}

/**
 * `123TEXTQUERY321=words`: all words are in the record's text fields, or in one entry of a journal that the caller may read. A table
 * without a text index ignores the term (contract servicenow-core.md 10.2).
 */
export function textMatch(words: string, question: Question): string {
  const { database, dictionary, table, parameters } = question
  if (!table.textIndexed) return 'true'
  const own = `t.${quote(TEXT_COLUMN)} @@ ${wanted(words, question)}`
  const journal = dictionary.table('sys_journal_field')
  const seen = journal && question.visible(journal, parameters)
  if (!journal || seen !== undefined || ![...table.columns.values()].some(({ type }) => type === 'journal')) return own
  // Two indexes answer this only when the answers are put together, not with an `or`.
  return `t.sys_id in (select t.sys_id from ${database.name(table.root)} t where ${own}
    union all select t.element_id from ${database.name(journal.root)} t where ${textOf('t.value')} @@ ${wanted(words, question)})`
}

/** Without an order, what fits the words best comes first. */
export function bestMatchFirst({ groups }: Query, question: Question): string {
  if (!question.table.textIndexed) return ''
  const words = groups.flat(2).flatMap(term => (term.kind === 'words' ? [term.words] : []))
  if (words.length === 0) return ''
  return ` order by ts_rank(t.${quote(TEXT_COLUMN)}, ${wanted(words.join(' '), question)}) desc, t.sys_id`
}
