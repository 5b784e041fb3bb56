import type { DeskRecord } from '../system/desk.ts'
import type { Update } from '../system/update.ts'
import type { Customer } from './seeded-history.ts'

/** What happened on one record, in the order in which it was done there, one thing after the other. */
export interface Story {
  name: string
  record: DeskRecord
  /** As partners read it. */
  number: string
  filer: Customer | undefined
  happenings: Happening[]
}

export interface Happening {
  /** In words, for whoever reads what went wrong. */
  did: string
  by: 'desk' | Customer
  /** Whose record it was, or became with this; undefined is nobody's. */
  owner: Customer | undefined
  /** It became theirs with this very save. */
  handedOver: boolean
  /** Nobody had the record before: its first owner sees all of it. */
  unassigned: boolean
  /** What its owner is told, one line an update; nothing where its owner did it. Files are told apart. */
  told: readonly string[]
  comment?: string
  note?: string
  file?: { name: string; id?: string }
  /** The instance's time of it, to the second. */
  at: string
}

export interface Found {
  comments: string[]
  files: string[]
}

/** Whose it was when it happened; what happened while it was unassigned is its first owner's to see. */
function seenBy(happenings: readonly Happening[]): (Customer | undefined)[] {
  const first = happenings.find(({ handedOver, unassigned }) => handedOver && !unassigned)?.owner
  return happenings.map(({ owner, unassigned }) => (unassigned ? first : owner))
}

const ownerNow = ({ happenings }: Pick<Story, 'happenings'>): Customer | undefined => happenings.at(-1)!.owner

/** What a partner may read of a record: nothing where it is not its own now, else what was said and added in its own times. */
export function readable({ happenings }: Pick<Story, 'happenings'>, customer: Customer): Found | undefined {
  if (ownerNow({ happenings }) !== customer) return undefined
  const whose = seenBy(happenings)
  const own = happenings.filter((_, at) => whose[at] === customer)
  return {
    comments: own.flatMap(({ comment }) => comment ?? []),
    files: own.flatMap(({ file }) => file?.name ?? []),
  }
}

const DETAILS = ['short_description', 'priority'] as const

/** An update as one line: its action, and what it says. */
export function asLine({ action, ticket_attributes: attributes }: Update): string {
  const details = action === 'Details Changed' ? DETAILS.flatMap(name => (attributes[name] ? [`${name} ${attributes[name]}`] : [])) : []
  return [action, ...details, ...(attributes.comments ? [attributes.comments] : [])].join(' · ')
}

/** Words of comments, notes and files: each is said once in a history. */
const SAID = /\b[cnf]-r\d+s\d+\b/g

interface Heard {
  customer: Customer
  updates: readonly Update[]
}

/** What one partner was told of one record, against what it should have been told. One sentence for each thing that is amiss. */
export function toldAmiss(story: Story, { customer, updates }: Heard): string[] {
  const { happenings } = story
  const of = updates.filter(update => update.kpn_ticket_number === story.number)
  const lines = of.filter(({ action }) => action !== 'Attachment')
  const own = happenings.filter(({ owner }) => owner === customer)
  const expected = own.flatMap(happening => happening.told.map(line => ({ line, happening })))
  const wrong = [
    ...linesAmiss(
      story,
      customer,
      expected.map(({ line }) => line),
      lines.map(asLine),
    ),
    ...newsAmiss(story, customer, of),
  ]
  const files = own.filter(({ file, by }) => file && by === 'desk')
  wrong.push(...filesAmiss(story, customer, files, of))
  if (!wrong.length)
    wrong.push(...orderAmiss(story, customer, [...expected, ...files.map(happening => ({ line: undefined, happening }))], of))
  return wrong
}

/** How much of what a partner is to be told of a record it was not told yet. */
export function missingOf({ happenings, number }: Story, { customer, updates }: Heard): number {
  const own = happenings.filter(({ owner }) => owner === customer)
  const told = updates.filter(update => update.kpn_ticket_number === number)
  const lines = told.filter(update => !isFile(update)).map(asLine)
  const files = told.filter(isFile).flatMap(update => update.ticket_attributes.attachments.map((file: { name: string }) => file.name))
  const missing = (expected: readonly string[], heard: string[]) =>
    expected.filter(one => {
      const at = heard.indexOf(one)
      if (at >= 0) heard.splice(at, 1)
      return at < 0
    }).length
  const added = own.flatMap(({ file, by }) => (file && by === 'desk' ? file.name : []))
  return (
    missing(
      own.flatMap(({ told }) => told),
      lines,
    ) + missing(added, files)
  )
}

function linesAmiss(story: Story, customer: Customer, expected: readonly string[], told: readonly string[]): string[] {
  if (expected.join('\n') === told.join('\n')) return []
  const times = (list: readonly string[], line: string) => list.filter(one => one === line).length
  const wrong: string[] = []
  for (const line of new Set([...expected, ...told])) {
    const [should, was] = [times(expected, line), times(told, line)]
    if (was < should) wrong.push(`${story.name}: ${customer} was told "${line}" ${was} times, and should have been ${should} times`)
    if (was > should)
      wrong.push(
        `${story.name}: ${customer} was told "${line}" ${was} times, and should have been ${should} times: ${whyNot(story, customer, line)}`,
      )
  }
  return wrong.length
    ? wrong
    : [
        `${story.name}: ${customer} was told in another order than it happened:\n  ${told.join('\n  ')}\nexpected\n  ${expected.join('\n  ')}`,
      ]
}

function whyNot({ happenings }: Story, customer: Customer, line: string): string {
  const word = line.match(SAID)?.[0]
  const found = happenings.find(
    ({ comment, note, file }) => word !== undefined && [comment, note, file?.name].some(text => text?.includes(word)),
  )
  if (!found) return 'no such words'
  if (found.note?.includes(word!)) return 'it is a work note'
  if (found.by === customer) return 'its own words'
  return found.owner === customer ? 'more than once, or not as one update' : `the ticket was ${found.owner ?? 'nobody'}’s then`
}

/** Each New tells of the files that the partner may see by then. */
function newsAmiss({ name, happenings }: Story, customer: Customer, updates: readonly Update[]): string[] {
  const whose = seenBy(happenings)
  const given = happenings.flatMap((happening, at) => (happening.owner === customer && happening.told[0]?.startsWith('New') ? [at] : []))
  const news = updates.filter(({ action }) => action === 'New')
  if (news.length !== given.length) return []
  return news.flatMap((update, place) => {
    const expected = happenings.flatMap(({ file }, at) => (file && whose[at] === customer && at < given[place]! ? [file.name] : []))
    const told = (update.ticket_attributes.attachments ?? []).map((file: { name: string }) => file.name)
    return same(expected, told)
      ? []
      : [`${name}: New number ${place + 1} told ${customer} of the files [${told}], and should have told of [${expected}]`]
  })
}

const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join('\n') === [...b].sort().join('\n')

function filesAmiss({ name, happenings }: Story, customer: Customer, files: readonly Happening[], updates: readonly Update[]): string[] {
  const told: { name: string; attachment_id: string }[] = updates.filter(isFile).flatMap(update => update.ticket_attributes.attachments)
  const names = new Set([...files.map(({ file }) => file!.name), ...told.map(file => file.name)])
  return [...names].flatMap(each => {
    const should = files.some(({ file }) => file!.name === each) ? 1 : 0
    const was = told.filter(file => file.name === each).length
    const whose = happenings.find(({ file }) => file?.name === each)
    return was === should
      ? []
      : [
          `${name}: ${customer} was told of the file ${each} ${was} times, and should have been ${should} times (added by ${whose?.by}, ${whose?.owner ?? 'nobody'}’s then)`,
        ]
  })
}

const isFile = ({ action }: Update) => action === 'Attachment'

interface Expected {
  /** Undefined: a file. */
  line: string | undefined
  happening: Happening
}

/** Files stand by their second among what was said: within one nobody can tell, nor on a record on which a clock was put back. */
function orderAmiss({ name, happenings }: Story, customer: Customer, expected: readonly Expected[], updates: readonly Update[]): string[] {
  if (happenings.some(({ at }, place) => place > 0 && at < happenings[place - 1]!.at)) return []
  const rest = updates.flatMap((update, at) => (isFile(update) ? [] : [at]))
  let line = 0
  const placed = expected.map(({ line: words, happening }) => ({
    happening,
    isFile: words === undefined,
    heard:
      words === undefined
        ? updates.findIndex(update => isFile(update) && update.ticket_attributes.attachments[0].name === happening.file!.name)
        : rest[line++]!,
    done: happenings.indexOf(happening),
  }))
  return placed.flatMap(one =>
    placed
      .filter(
        other => (one.isFile || other.isFile) && one.done < other.done && one.happening.at < other.happening.at && one.heard > other.heard,
      )
      .map(
        other =>
          `${name}: ${customer} was told of "${other.happening.did}" (${other.happening.at}) before "${one.happening.did}" (${one.happening.at})`,
      ),
  )
}

/** Words that a text has and that are not for this partner. */
export function strangeWords(text: string, stories: readonly Story[], customer: Customer | undefined): string[] {
  const allowed = new Set<string>()
  for (const { happenings } of stories) {
    const whose = seenBy(happenings)
    for (const [at, { comment, file }] of happenings.entries())
      if (customer !== undefined && whose[at] === customer)
        for (const word of `${comment} ${file?.name}`.match(SAID) ?? []) allowed.add(word)
  }
  return [...new Set(text.match(SAID) ?? [])].filter(word => !allowed.has(word))
}

/** What is shown at the end to both, against what may be shown. */
export function shownAmiss({ name }: Story, customer: Customer, expected: Found | undefined, shown: Found | undefined): string[] {
  if (!expected || !shown)
    return expected === shown ? [] : [`${name}: ${customer} ${shown ? 'can' : 'cannot'} read it, and it is ${shown ? 'not ' : ''}its own`]
  return (['comments', 'files'] as const).flatMap(what =>
    same(expected[what], shown[what])
      ? []
      : [`${name}: GET /Ticket shows ${customer} the ${what} [${shown[what]}], and should show [${expected[what]}]`],
  )
}
