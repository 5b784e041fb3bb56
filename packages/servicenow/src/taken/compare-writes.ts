import { type FoundWords, findWords, rowsOf, type Words, type Writer } from './journal-look.ts'
import { canBeCompared, type Fields, isJournal, type NotTaken, notTaken, storedText, type WriteOutcome } from './not-taken.ts'
import { type RecordWrite, relationsIn } from './record-apis.ts'
import { mayBeWords, plainText, secondsOf } from './same-value.ts'

/** A write that was answered with a success. */
export interface AnsweredWrite {
  readonly method: string
  readonly request: RecordWrite
  readonly result: unknown
  /** Before the names of its fields: the place in a batch. */
  readonly prefix?: string
}

/** Words that a record does not show. */
interface Missed extends Words {
  readonly written: AnsweredWrite
  /** The answer does not have the field; else it is empty. */
  readonly isAbsent: boolean
  /** An update that moved nothing since the record was made: what it said is nowhere. */
  readonly isUnmoved: boolean
}

/** What an answer alone tells. */
interface Verdict {
  readonly different: readonly NotTaken[]
  /** Names of fields that cannot be read. */
  readonly unseen: readonly string[]
  readonly missed: readonly Missed[]
}

/** The most relations with which the CMDB Instance API answers. */
const MOST_RELATIONS = 1000

/**
 * Compares the answers of writes with what was asked. A failed read-back is no failure of the writes, which are done: what cannot be read back is
 * in `notChecked`. It costs a call where words are not to be seen in an answer, and for approvals, whose answer is another record.
 */
export async function compareWrites(written: readonly AnsweredWrite[], writer: Writer): Promise<WriteOutcome> {
  const outcome = { notTaken: [] as NotTaken[], notChecked: [] as string[] }
  const tell = ({ prefix = '' }: AnsweredWrite, { different = [], unseen = [] }: Partial<Verdict>) => {
    outcome.notTaken.push(...different.map(({ field, ...rest }) => ({ field: prefix + field, ...rest })))
    outcome.notChecked.push(...unseen.map(field => prefix + field))
  }
  const missed: Missed[] = []
  for (const one of written) {
    const verdict = await judge(one, writer)
    tell(one, verdict)
    missed.push(...verdict.missed)
  }
  const toLookFor = missed.filter(({ isUnmoved, sysId }) => !isUnmoved && sysId !== '')
  const found = toLookFor.length ? await findWords(toLookFor, writer) : []
  for (const one of missed) tell(one.written, await judgeWords(one, found[toLookFor.indexOf(one)], writer))
  return {
    ...(outcome.notTaken.length ? { notTaken: outcome.notTaken } : {}),
    ...(outcome.notChecked.length ? { notChecked: outcome.notChecked } : {}),
  }
}

async function judge(written: AnsweredWrite, { readBack }: Writer): Promise<Verdict> {
  const { request, result } = written
  if (!request.writtenBy) return verdictOnRecord(written, request.recordOf(result))
  const verdicts = (rowsOf(await readBack(request.writtenBy)) ?? []).map(row => verdictOnRecord(written, row))
  const nearest = verdicts.sort((one, other) => one.different.length - other.different.length)[0]
  return nearest ?? verdictOnRecord(written, undefined)
}

function verdictOnRecord(written: AnsweredWrite, record: Fields = {}): Verdict {
  const { asked, relations } = written.request
  const ignored = ignoredFields(record)
  const differences = notTaken(asked, record, written.request)
  const hidden = Object.keys(asked).filter(field => isHidden(field, asked[field], record))
  const toldOf = (field: string): NotTaken => ({ field, asked: plainText(asked[field]), kept: '' })
  // A text of which nothing is there may be an entry of a journal that has another name.
  const isMissed = ({ field, asked, kept }: NotTaken) => kept === '' && mayBeWords(asked) && !ignored.includes(field)
  const missed = [
    ...differences.filter(isMissed).map(({ field }) => field),
    ...hidden.filter(field => isJournal(field) && !ignored.includes(field)),
  ]
  const lists = Object.entries(relations).map(([list, wanted]) => missingRelations(list, wanted, record[list]))
  return {
    different: [
      ...differences.filter(one => !isMissed(one)),
      ...hidden.filter(field => ignored.includes(field) && canBeCompared(field, asked[field])).map(toldOf),
      ...lists.flatMap(({ different }) => different),
    ],
    unseen: [...hidden.filter(field => !isJournal(field) && !ignored.includes(field)), ...lists.flatMap(({ unseen }) => unseen)],
    missed: missed.map(field => ({
      field,
      asked: plainText(asked[field]),
      sysId: storedText(record.sys_id) || written.request.sysId || '',
      savedAt: secondsOf(storedText(record.sys_updated_on)),
      written,
      isAbsent: record[field] === undefined,
      isUnmoved: written.method !== 'POST' && storedText(record.sys_mod_count) === '0',
    })),
  }
}

/** Something was asked for and the record does not show what became of it; a journal it always shows empty, and none can be cleared. */
function isHidden(field: string, wanted: unknown, record: Fields): boolean {
  if (wanted === undefined || (plainText(wanted) === '' && isJournal(field))) return false
  return record[field] === undefined || !canBeCompared(field, wanted) || (isJournal(field) && storedText(record[field]) === '')
}

/** Only the Change Management API tells (servicenow-core 9.3). */
function ignoredFields({ __meta: meta }: Fields): readonly string[] {
  const { ignoredFields: ignored } = (meta ?? {}) as { ignoredFields?: unknown }
  return Array.isArray(ignored) ? ignored.map(String) : []
}

function missingRelations(list: string, wanted: RecordWrite['relations'][string], given: unknown): Omit<Verdict, 'missed'> {
  const there = relationsIn(given)
  const missing = wanted.filter(({ target, type }) => !there.some(one => one.target === target && one.type === type))
  if (missing.length && (!Array.isArray(given) || given.length >= MOST_RELATIONS)) return { different: [], unseen: [list] }
  return { different: missing.map(({ target, type }) => ({ field: list, asked: `${target} (type ${type})`, kept: '' })), unseen: [] }
}

/** What no journal has may be a plain field, which the answer did not bring: of configuration items, `comments` is one. */
async function judgeWords(missed: Missed, looked: FoundWords | undefined, { readBack }: Writer): Promise<Partial<Verdict>> {
  const { field, asked, sysId, isAbsent, isUnmoved, written } = missed
  const found = looked ?? (isUnmoved ? NOWHERE : { state: 'unknown' as const })
  if (found.state === 'taken') return {}
  if (found.state === 'unknown') return isJournal(field) ? { unseen: [field] } : { different: [{ field, asked, kept: '' }] }
  const lost = { different: [{ field, asked, kept: found.kept }] }
  const path = isAbsent && written.request.readAt?.(sysId)
  if (!path) return lost
  const record = (await readBack({ method: 'GET', path, parameters: { sysparm_fields: field } }))?.result as Fields | undefined
  if (record?.[field] === undefined) return isUnmoved ? lost : { unseen: [field] }
  return storedText(record[field]) === '' ? lost : { different: notTaken({ [field]: asked }, record) }
}

const NOWHERE = { state: 'lost', kept: '' } as const
