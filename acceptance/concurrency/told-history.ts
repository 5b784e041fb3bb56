import type { DeskRecord } from '../system/desk.ts'
import type { Update } from '../system/update.ts'
import { CUSTOMERS, type Customer } from './seeded-history.ts'

/** Who is told of records. */
export const PARTIES = [...CUSTOMERS, 'provider'] as const
export type Party = (typeof PARTIES)[number]

/** What may happen to a happening on its way. */
export const COUNTS = ['lost', 'doubled', 'reordered', 'crossed', 'never answered'] as const

/** Something that is not as it should be: what kind of thing, and a sentence that begins with the name of its story. */
export interface Amiss {
  count: (typeof COUNTS)[number]
  says: string
}

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
  by: 'desk' | Party
  /** Whose record it was, or became with this; undefined is nobody's. */
  owner: Party | undefined
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
function seenBy(happenings: readonly Happening[]): (Party | undefined)[] {
  const first = happenings.find(({ handedOver, unassigned }) => handedOver && !unassigned)?.owner
  return happenings.map(({ owner, unassigned }) => (unassigned ? first : owner))
}

const ownerNow = ({ happenings }: Pick<Story, 'happenings'>): Party | undefined => happenings.at(-1)!.owner

/** What a partner may read of a record: nothing where it is not its own now, else what was said and added in its own times. */
export function readable({ happenings }: Pick<Story, 'happenings'>, customer: Party): Found | undefined {
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
  const note = action === 'Worknote' ? [attributes.worknotes] : []
  return [action, ...details, ...note, ...(attributes.comments ? [attributes.comments] : [])].join(' · ')
}

/** Words of comments, notes and files: each is said once in a history. */
const SAID = /\b[cnf]-r\d+s\d+\b/g

export interface Heard {
  customer: Party
  updates: readonly Update[]
}

/** What one partner was told of one record, against what it should have been told. One sentence for each thing that is amiss. */
export function toldAmiss(story: Story, { customer, updates }: Heard): Amiss[] {
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

function linesAmiss(story: Story, customer: Party, expected: readonly string[], told: readonly string[]): Amiss[] {
  if (expected.join('\n') === told.join('\n')) return []
  const times = (list: readonly string[], line: string) => list.filter(one => one === line).length
  const wrong: Amiss[] = []
  for (const line of new Set([...expected, ...told])) {
    const [should, was] = [times(expected, line), times(told, line)]
    const says = `${story.name}: ${customer} was told "${line}" ${was} times, and should have been ${should} times`
    if (was < should) wrong.push({ count: 'lost', says })
    if (was > should) wrong.push({ count: should > 0 ? 'doubled' : 'crossed', says: `${says}: ${whyNot(story, customer, line)}` })
  }
  const [was, should] = [told.join('\n  '), expected.join('\n  ')]
  return wrong.length
    ? wrong
    : [
        {
          count: 'reordered',
          says: `${story.name}: ${customer} was told in another order than it happened:\n  ${was}\nexpected\n  ${should}`,
        },
      ]
}

function whyNot({ happenings }: Story, customer: Party, line: string): string {
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
function newsAmiss({ name, happenings }: Story, customer: Party, updates: readonly Update[]): Amiss[] {
  const whose = seenBy(happenings)
  const given = happenings.flatMap((happening, at) => (happening.owner === customer && happening.told[0]?.startsWith('New') ? [at] : []))
  const news = updates.filter(({ action }) => action === 'New')
  if (news.length !== given.length) return []
  return news.flatMap((update, place) => {
    const expected = happenings.flatMap(({ file }, at) => (file && whose[at] === customer && at < given[place]! ? [file.name] : []))
    const told = (update.ticket_attributes.attachments ?? []).map((file: { name: string }) => file.name)
    return same(expected, told)
      ? []
      : [
          {
            count: told.every((file: string) => expected.includes(file)) ? 'lost' : 'crossed',
            says: `${name}: New number ${place + 1} told ${customer} of the files [${told}], and should have told of [${expected}]`,
          },
        ]
  })
}

const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join('\n') === [...b].sort().join('\n')

function filesAmiss({ name, happenings }: Story, customer: Party, files: readonly Happening[], updates: readonly Update[]): Amiss[] {
  const told: { name: string; attachment_id: string }[] = updates.filter(isFile).flatMap(update => update.ticket_attributes.attachments)
  const names = new Set([...files.map(({ file }) => file!.name), ...told.map(file => file.name)])
  return [...names].flatMap(each => {
    const should = files.some(({ file }) => file!.name === each) ? 1 : 0
    const was = told.filter(file => file.name === each).length
    const whose = happenings.find(({ file }) => file?.name === each)
    return was === should
      ? []
      : [
          {
            count: was < should ? 'lost' : should > 0 ? 'doubled' : 'crossed',
            says: `${name}: ${customer} was told of the file ${each} ${was} times, and should have been ${should} times (added by ${whose?.by}, ${whose?.owner ?? 'nobody'}’s then)`,
          },
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
function orderAmiss({ name, happenings }: Story, customer: Party, expected: readonly Expected[], updates: readonly Update[]): Amiss[] {
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
      .map(other => ({
        count: 'reordered' as const,
        says: `${name}: ${customer} was told of "${other.happening.did}" (${other.happening.at}) before "${one.happening.did}" (${one.happening.at})`,
      })),
  )
}

/** Words that a text has and that are not for this partner. */
export function strangeWords(text: string, stories: readonly Story[], customer: Party | undefined): string[] {
  const allowed = new Set<string>()
  for (const { happenings } of stories) {
    const whose = seenBy(happenings)
    for (const [at, { comment, note, file }] of happenings.entries())
      if (customer !== undefined && whose[at] === customer)
        for (const word of `${comment} ${file?.name} ${customer === 'provider' ? note : ''}`.match(SAID) ?? []) allowed.add(word)
  }
  return [...new Set(text.match(SAID) ?? [])].filter(word => !allowed.has(word))
}

/** What is shown at the end to both, against what may be shown. */
export function shownAmiss({ name }: Story, customer: Party, expected: Found | undefined, shown: Found | undefined): Amiss[] {
  if (!expected || !shown)
    return expected === shown
      ? []
      : [
          {
            count: shown ? 'crossed' : 'lost',
            says: `${name}: ${customer} ${shown ? 'can' : 'cannot'} read it, and it is ${shown ? 'not ' : ''}its own`,
          },
        ]
  return (['comments', 'files'] as const).flatMap(what =>
    same(expected[what], shown[what])
      ? []
      : [
          {
            count: differing(expected[what], shown[what]),
            says: `${name}: GET /Ticket shows ${customer} the ${what} [${shown[what]}], and should show [${expected[what]}]`,
          },
        ],
  )
}

function differing(expected: readonly string[], shown: readonly string[]): Amiss['count'] {
  if (shown.some(one => !expected.includes(one))) return 'crossed'
  return expected.some(one => !shown.includes(one)) ? 'lost' : 'doubled'
}
