/** A value of a seed that a record does not have as it was said. */
export interface SeedDifference {
  readonly field: string
  readonly said: unknown
  /** What the record has instead, where there is one. */
  readonly became?: string
  /** The end of a sentence. */
  readonly why: string
}

/** Which record of a seed is meant. */
export interface SeedRow {
  readonly table: string
  /** From 1, in its table’s list. */
  readonly place: number
  readonly fields: Readonly<Record<string, unknown>>
}

/** More would hide the first, and what follows is often of the same kind. */
const MOST_NAMED = 20

/** Fields by which a person finds a record again in a file, the best first. */
const TELLING = ['number', 'user_name', 'name', 'short_description', 'sys_id']

/** `record 2 of sys_user (user_name "tester"): name is "Tess Ter" in the seed and empty in the record: it is …` */
export function sentencesOf({ table, place, fields }: SeedRow, problems: readonly SeedDifference[]): string[] {
  const telling = TELLING.find(name => typeof fields[name] === 'string')
  const which = `record ${place} of ${table}${telling === undefined ? '' : ` (${telling} ${JSON.stringify(fields[telling])})`}`
  return problems.map(({ field, said, became, why }) => {
    const instead = became === undefined ? '' : ` and ${became === '' ? 'empty' : JSON.stringify(became)} in the record`
    return `${which}: ${field} is ${JSON.stringify(said)} in the seed${instead}: ${why}`
  })
}

/** All that is wrong with a seed’s records, as one text. */
export function refusalText(sentences: readonly string[]): string {
  const named = sentences.slice(0, MOST_NAMED).map(sentence => `- ${sentence}`)
  const more = sentences.length - named.length
  return ['The seed cannot be loaded, and nothing of it was:', ...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
