import { hostOf, isAt, saysWhose } from './domains.ts'
import { likeness, nameWords } from './likeness.ts'

/** What is known of an organisation that has no mapping yet. */
export interface Unplaced {
  name: string
  /** E-mail domains of its people. */
  domains: readonly string[]
  /** The record that stands for it in the other environment: an instance that was copied keeps its sys_ids. */
  elsewhere?: { environment: string; sysId: string }
}

/** A record that might stand for it. */
export interface Candidate {
  sysId: string
  name: string
  website: string
}

export interface Evidence {
  kind: 'sys_id' | 'name' | 'website' | 'people'
  /** As a person reads it. */
  words: string
}

export interface Match<C extends Candidate> {
  candidate: C
  /** From 0 to 1. */
  score: number
  evidence: Evidence[]
}

export interface Suggestion<C extends Candidate> {
  /** The one clear match; undefined when a person has to look. */
  clear: Match<C> | undefined
  /** The best matches, the clear one first. */
  matches: Match<C>[]
  /** Why there is or is no clear match. */
  why: string
}

/** How far one piece of evidence goes by itself. Several go further: what is left of doubt is multiplied. */
const WEIGHT = { sysId: 0.9, sameName: 0.8, sameWords: 0.75, website: 0.6, people: 0.5, likeName: 0.6 }
/** Below this two names are not alike (measured: "Demo Customer North" and "… South" are 0.78 alike, unrelated names less than 0.5). */
const ALIKE = 0.6
/** A clear match has this score, and is this far ahead of the next. */
const CLEAR = 0.7
const AHEAD = 0.09
/** A person confirms: no suggestion is beyond doubt. */
const SUREST = 0.99
const MOST_SHOWN = 5

/** Sys_ids of companies, and how many people of this domain each has. */
export type PeopleAt = ReadonlyMap<string, ReadonlyMap<string, number>>

/** Suggests for each organisation which record stands for it. A record that is best for two of them is clear for neither. */
export function suggestFor<C extends Candidate>(
  organisations: readonly Unplaced[],
  candidates: readonly C[],
  people: PeopleAt,
): Suggestion<C>[] {
  const known = indexOf(candidates)
  const found = organisations.map(organisation => matchesOf(organisation, known, people))
  const bestOf = new Map<string, string[]>()
  found.forEach(([best], at) => {
    if (best) append(bestOf, best.candidate.sysId, organisations[at]!.name)
  })
  return organisations.map((organisation, at) => {
    const matches = found[at]!
    const rivals = matches[0] ? bestOf.get(matches[0].candidate.sysId)!.filter(name => name !== organisation.name) : []
    const doubt = doubtOf(matches, rivals)
    return { clear: doubt ? undefined : matches[0], matches, why: doubt ?? 'One record is clearly the best match. Confirm it.' }
  })
}

function doubtOf([best, next]: readonly Match<Candidate>[], rivals: readonly string[]): string | undefined {
  if (!best) return 'No record is like it. Search for one.'
  const name = `"${best.candidate.name}"`
  if (rivals.length) return `${name} is also the best match of ${rivals.map(rival => `"${rival}"`).join(', ')}. Look, and choose.`
  if (next && best.score - next.score < AHEAD) return `${name} and "${next.candidate.name}" are about equally likely. Look, and choose.`
  return best.score < CLEAR ? `${name} is possible, no more. Look, and choose.` : undefined
}

interface Known<C> {
  bySysId: Map<string, C>
  /** By the first three letters of each word of the name: nothing else can be alike enough, and 20,000 names stay quick. */
  byStart: Map<string, Named<C>[]>
  byHost: Map<string, C[]>
}
interface Named<C> {
  candidate: C
  words: string[]
}

const startsOf = (words: readonly string[]) => new Set(words.map(word => word.slice(0, 3)))

function indexOf<C extends Candidate>(candidates: readonly C[]): Known<C> {
  const known: Known<C> = { bySysId: new Map(), byStart: new Map(), byHost: new Map() }
  for (const candidate of candidates) {
    known.bySysId.set(candidate.sysId, candidate)
    const named = { candidate, words: nameWords(candidate.name) }
    for (const start of startsOf(named.words)) append(known.byStart, start, named)
    const host = hostOf(candidate.website)
    if (host) append(known.byHost, host, candidate)
  }
  return known
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

type Found = { evidence: Evidence; weight: number }

function matchesOf<C extends Candidate>(organisation: Unplaced, known: Known<C>, people: PeopleAt): Match<C>[] {
  const found = new Map<C, Found[]>()
  const add = (candidate: C, kind: Evidence['kind'], words: string, weight: number) =>
    append(found, candidate, { evidence: { kind, words }, weight })

  const { elsewhere } = organisation
  const same = elsewhere && known.bySysId.get(elsewhere.sysId)
  if (same) add(same, 'sys_id', `The record with this sys_id stands for it in ${elsewhere.environment}.`, WEIGHT.sysId)

  const words = nameWords(organisation.name)
  const near = new Set([...startsOf(words)].flatMap(start => known.byStart.get(start) ?? []))
  for (const { candidate, words: others } of near) {
    const alike = likeness(words, others)
    if (candidate.name.trim().toLowerCase() === organisation.name.trim().toLowerCase())
      add(candidate, 'name', `Both are called "${candidate.name}".`, WEIGHT.sameName)
    else if (alike === 1)
      add(candidate, 'name', `"${candidate.name}" has the same words but for the form of the company or their order.`, WEIGHT.sameWords)
    else if (alike >= ALIKE)
      add(candidate, 'name', `"${candidate.name}" is ${Math.floor(alike * 100)} % like its name.`, alike * WEIGHT.likeName)
  }

  for (const domain of organisation.domains.filter(saysWhose)) {
    for (const [host, candidates] of known.byHost)
      if (isAt(host, domain))
        for (const candidate of candidates)
          add(
            candidate,
            'website',
            `Its people have e-mail addresses at ${domain}, and the website is ${candidate.website}.`,
            WEIGHT.website,
          )
    for (const [sysId, count] of people.get(domain) ?? []) {
      const candidate = known.bySysId.get(sysId)
      const who =
        count === 1
          ? 'One active user of this company has an e-mail address'
          : `${count} active users of this company have e-mail addresses`
      if (candidate) add(candidate, 'people', `${who} at ${domain}, like its own people.`, WEIGHT.people)
    }
  }
  return [...found]
    .map(([candidate, pieces]) => ({
      candidate,
      score: Math.min(SUREST, Math.round((1 - pieces.reduce((doubt, piece) => doubt * (1 - piece.weight), 1)) * 100) / 100),
      evidence: pieces.map(piece => piece.evidence),
    }))
    .sort((a, b) => b.score - a.score || (a.candidate.sysId < b.candidate.sysId ? -1 : 1))
    .slice(0, MOST_SHOWN)
}
