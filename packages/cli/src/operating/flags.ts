/** What follows a sub-command of the operator’s: names in their order, and flags. Rows are made with `subCommand`. */

/** A flag; one without `value` is a switch. */
export interface Flag {
  readonly about: string
  /** What stands for its value in the help, such as `FILE`. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly required?: true
  /** It may be given several times. Commas separate nothing: names have them. */
  readonly many?: true
}

export type Flags = Readonly<Record<string, Flag>>

type ValueOf<F extends Flag> = F extends { value: string } | { choices: readonly string[] }
  ? F extends { many: true }
    ? readonly string[]
    : F extends { required: true }
      ? string
      : string | undefined
  : boolean

/** The values of flags by their names; a flag that is not given is undefined, an empty list, or false. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: ValueOf<F[Name]> }

/** Whether a flag takes a value. */
export const takesValue = ({ value, choices }: Flag): boolean => value !== undefined || choices !== undefined

/** What stands for the value of a flag: `sandbox|production`, `FILE`. */
export const valueWords = ({ value, choices }: Flag): string => choices?.join('|') ?? value ?? ''

/** Flags of every sub-command. */
export const COMMON_FLAGS = {
  exchange: { value: 'URL', about: 'which exchange; else DESKBRIDGE_EXCHANGE, else http://127.0.0.1:8080' },
  as: { value: 'EMAIL', about: 'sign in as this person, with the password from a prompt or standard input, instead of with a token' },
  json: { about: 'print JSON' },
  help: { about: 'print this' },
} as const satisfies Flags
