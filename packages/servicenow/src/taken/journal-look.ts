import type { InstanceAnswer, InstanceCall } from '../connection/call.ts'
import { query } from '../encoded-query/query.ts'
import { listCall } from '../table-api/record-calls.ts'
import { type Fields, storedText } from './not-taken.ts'
import { isObject } from './record-apis.ts'
import { plainText, sameValue, secondsOf } from './same-value.ts'

/** A text of a write of which the record shows nothing: a journal entry, or a text that was dropped. */
export interface Words {
  readonly field: string
  readonly asked: string
  readonly sysId: string
  /** When the record says that it was saved last, in seconds. */
  readonly savedAt: number | undefined
}

/** A read after a write: undefined when it fails, in whatever way. */
export type ReadBack = (call: InstanceCall) => Promise<InstanceAnswer | undefined>

export interface Writer {
  readonly readBack: ReadBack
  /** undefined where the instance decides who it is. */
  readonly userName: string | undefined
  /** By the instance's clock, in seconds; undefined where it does not tell the time. */
  readonly sentAt: number | undefined
  readonly seconds: number
}

/** `lost`: the journal can be read, and they are not in it; `kept` is the part of them that is. */
export type FoundWords = { readonly state: 'taken' } | { readonly state: 'unknown' } | { readonly state: 'lost'; readonly kept: string }

/** How far the clock of a gateway, which writes the Date of an answer, may be from that of the instance. */
const SKEW_SECONDS = 30
const MOST_ENTRIES = 200
const COLUMNS = ['element', 'element_id', 'value', 'sys_created_on', 'sys_created_by']
const UNKNOWN: FoundWords = { state: 'unknown' }

/** Looks for what a write said in the journals (servicenow-core 8.1): one call for all of it, and two more only where nothing at all is there. */
export async function findWords(words: readonly Words[], writer: Writer): Promise<FoundWords[]> {
  const since = sinceOf(words, writer)
  if (since === undefined) return words.map(() => UNKNOWN)
  const entries = await readEntriesSince(words, since, writer.readBack)
  return entries === undefined ? words.map(() => UNKNOWN) : words.map(one => foundIn(entries, one, writer))
}

/** A record that was not saved tells of its last save: then the same words may stand there from that time. `foundIn` tells them apart. */
function sinceOf(words: readonly Words[], { sentAt, seconds }: Writer): number | undefined {
  const saved = words.flatMap(({ savedAt }) => (savedAt === undefined ? [] : [savedAt - seconds]))
  const known = [...saved, ...(sentAt === undefined ? [] : [sentAt - SKEW_SECONDS])]
  return known.length ? Math.floor(Math.min(...known)) - 1 : undefined
}

function foundIn(entries: readonly Fields[], { field, asked, sysId }: Words, { userName, sentAt }: Writer): FoundWords {
  const ours = entries.filter(
    entry => text(entry.element) === field && sameValue(entry.element_id, sysId) && isBy(userName, text(entry.sys_created_by)),
  )
  const same = ours.filter(({ value }) => plainText(value) === plainText(asked))
  const isNew = (entry: Fields) => sentAt !== undefined && (secondsOf(text(entry.sys_created_on)) ?? 0) >= sentAt - SKEW_SECONDS
  if (same.some(isNew)) return { state: 'taken' }
  // Written earlier in the same words, or now by a clock that is not the one of the Date: nobody can tell.
  if (same.length) return UNKNOWN
  const cut = ours.filter(isNew).find(({ value }) => plainText(value) !== '' && plainText(asked).startsWith(plainText(value)))
  return { state: 'lost', kept: cut ? text(cut.value) : '' }
}

const text = (value: unknown) => storedText(value)

function isBy(userName: string | undefined, author: string): boolean {
  return userName === undefined || author === '' || author.toLowerCase() === userName.toLowerCase()
}

/** undefined where the journal cannot be read, or not all of it: entries that are hidden look like entries that are not there. */
async function readEntriesSince(words: readonly Words[], since: number, readBack: ReadBack): Promise<Fields[] | undefined> {
  const first = await readEntries(words, since, readBack)
  if (first === undefined || first.length) return first
  // What was hidden for a moment is not lost: nothing counts as nothing only when it was read after the journal showed that it speaks.
  return (await isReadable(readBack)) ? readEntries(words, since, readBack) : undefined
}

async function readEntries(words: readonly Words[], since: number, readBack: ReadBack): Promise<Fields[] | undefined> {
  const from = new Date(since * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const filter = query()
    .in('element_id', [...new Set(words.map(({ sysId }) => sysId))])
    .in('element', [...new Set(words.map(({ field }) => field))])
    .where('sys_created_on', '>=', from)
    .orderByDescending('sys_created_on')
  const answer = await readBack(listCall('sys_journal_field', { query: filter.text(), fields: COLUMNS, limit: MOST_ENTRIES }))
  const rows = rowsOf(answer)
  if (rows === undefined || rows.some(row => COLUMNS.slice(0, 3).some(column => row[column] === undefined))) return undefined
  return rows.length < Math.min(answer?.total ?? 0, MOST_ENTRIES) ? undefined : rows
}

/** A journal that is "silently empty" for a user (8.1) has no entry at all. */
async function isReadable(readBack: ReadBack): Promise<boolean> {
  return Boolean(rowsOf(await readBack(listCall('sys_journal_field', { fields: ['sys_id'], limit: 50, noCount: true })))?.length)
}

/** The records of an answer; undefined where it has no list, or there was no answer. */
export function rowsOf(answer: InstanceAnswer | undefined): Fields[] | undefined {
  return Array.isArray(answer?.result) ? answer.result.filter(isObject) : undefined
}
