import type { Action } from '@deskbridge/servicenow'

/** Answers in a size that an assistant can read. */

/** Characters of JSON in one answer: some 15,000 tokens. */
const LARGEST = 60_000

/** How long texts and lists inside an answer may be: the first with which it fits. */
const SIZES: readonly (readonly [text: number, list: number])[] = [
  [20_000, Number.POSITIVE_INFINITY],
  [5_000, 200],
  [2_000, 50],
  [1_000, 20],
  [200, 5],
]

type Answer = Record<string, unknown>

/** The answer with long texts and long lists cut; `next` then says how to get the rest. */
export function fitting(row: Action, input: Readonly<Record<string, unknown>>, answer: Answer): Answer {
  const { rows, ...rest } = answer
  if (!Array.isArray(rows)) return cutUntilItFits(answer)
  const kept = asManyAsFit(rows.map(one => cut(one, ...SIZES[0]!)))
  const next = nextOf(row, input, { kept: kept.length, there: rows.length, total: rest.total })
  return { ...rest, rows: kept, ...(next === undefined ? {} : { next }) }
}

function cutUntilItFits(answer: Answer): Answer {
  let smaller = answer
  for (const size of SIZES) {
    smaller = cut(answer, ...size) as Answer
    if (JSON.stringify(smaller).length <= LARGEST) return size === SIZES[0] ? smaller : { ...smaller, next: cutNote(...size) }
  }
  return { ...smaller, next: cutNote(...SIZES.at(-1)!) }
}

const cutNote = (text: number, list: number) =>
  `This is not all: lists in it end after ${list} entries, texts after ${text} characters. Ask more narrowly, or for fewer fields.`

function asManyAsFit(rows: readonly unknown[]): unknown[] {
  let size = 0
  const first = rows.findIndex(row => {
    size += JSON.stringify(row).length
    return size > LARGEST
  })
  return rows.slice(0, first < 0 ? rows.length : Math.max(first, 1))
}

/** `kept` of the `there` rows of the answer, of `total` in all where the instance counted them. */
interface Counts {
  readonly kept: number
  readonly there: number
  readonly total: unknown
}

function nextOf(row: Action, input: Readonly<Record<string, unknown>>, { kept, there, total }: Counts): string | undefined {
  const offset = typeof input.offset === 'number' ? input.offset : 0
  const limit = typeof input.limit === 'number' ? input.limit : undefined
  const more = kept < there || (typeof total === 'number' ? offset + there < total : limit !== undefined && there >= limit)
  if (!more) return undefined
  if (takes(row, { offset: 0 })) return `Call again with offset ${offset + kept} for the rows after these, or ask more narrowly.`
  return `Only the first ${kept} rows are here. Ask more narrowly, or for less at once.`
}

/** Rows of a list that nobody gave a limit. */
const FEW = 20

/** A list without a limit is a short one; a person who wants more says so. */
export function withLimit(row: Action, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return input.limit === undefined && row.paging !== 'none' && takes(row, { limit: FEW }) ? { ...input, limit: FEW } : { ...input }
}

/** Whether the row's example could be asked with these fields as well. */
function takes(row: Action, fields: object): boolean {
  return row.input.safeParse({ ...(row.example.input as object), ...fields }).success
}

function cut(value: unknown, text: number, list: number): unknown {
  if (typeof value === 'string') return value.length > text ? `${value.slice(0, text)}… [${value.length - text} more characters]` : value
  if (Array.isArray(value)) return value.slice(0, list).map(one => cut(one, text, list))
  if (!(value instanceof Object)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cut(member, text, list)]))
}
