import type { Exchange } from './exchange.ts'
import type { COMMON_FLAGS, Flags, FlagValues } from './flags.ts'

/** What a sub-command shows: for people, and as JSON for programs. */
export interface Shown {
  text: string
  json: unknown
  /** The exit code where it is not 0. */
  code?: number
}

/** What a sub-command is given: its names, its flags, and the exchange it asks. */
export interface Given<F extends Flags, Takes extends string> {
  readonly names: Readonly<Record<Takes, string>>
  readonly flags: FlagValues<F & typeof COMMON_FLAGS>
  readonly exchange: Exchange
}

/** A sub-command of the operator’s: `deskbridge project secret add …`. */
export interface SubCommand {
  /** As it is written after the command: `secret add`. */
  readonly words: string
  /** The names that follow, as the help writes them: `PARTNER`, `NAME`. */
  readonly takes: readonly string[]
  /** What it does, in one line. */
  readonly about: string
  /** More for its help, where there is something to explain. */
  readonly more?: string
  readonly flags: Flags
  /** It wants a person who gives the password; a token may not do it. */
  readonly personOnly?: true
  /** Where to look, and what to do, when nobody knows whether its change was made; without it: send it again. */
  readonly ifUnknown?: string
  run(given: Given<Flags, string>): Promise<Shown>
}

/** One row, with the types of `run` read from its names and flags. */
export function subCommand<const F extends Flags, const Takes extends readonly string[]>(
  row: Omit<SubCommand, 'run' | 'takes' | 'flags'> & { takes: Takes; flags: F; run(given: Given<F, Takes[number]>): Promise<Shown> },
): SubCommand {
  return row as unknown as SubCommand
}
