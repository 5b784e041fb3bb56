import { columns } from '../process/columns.ts'
import { COMMON_FLAGS, type Flags, takesValue, valueWords } from './flags.ts'
import type { SubCommand } from './sub-command.ts'

/** `deskbridge project add PARTNER NAME --environment sandbox|production [--delivery …]`: how a sub-command is written. */
export function usage(command: string, { words, takes, flags }: SubCommand): string {
  const options = Object.entries(flags).map(([name, flag]) => {
    const text = takesValue(flag) ? `--${name} ${valueWords(flag)}` : `--${name}`
    return flag.required ? text : `[${text}]`
  })
  return ['deskbridge', command, words, ...takes, ...options].join(' ')
}

/** The help of one sub-command. */
export function helpOf(command: string, row: SubCommand): string {
  const more = row.more ? `\n${row.more}\n` : ''
  return `${usage(command, row)}\n\n${row.about}\n${more}\n${flagLines({ ...row.flags, ...COMMON_FLAGS })}`
}

/** The help of a command: all its sub-commands. */
export function helpOfAll(command: string, about: string, rows: readonly SubCommand[]): string {
  const lines = rows.map(row => [`  ${[row.words, ...row.takes].join(' ')}`, row.about])
  return `deskbridge ${command}: ${about}\n\n${columns(lines)}
"deskbridge ${command} ${rows[0]?.words} --help" shows the flags of one. Exit codes: 0 done; 1 refused or failed; 2 wrong use.
`
}

const flagLines = (flags: Flags) =>
  columns(
    Object.entries(flags).map(([name, flag]) => [`  --${name}${takesValue(flag) ? ` ${valueWords(flag)}` : ''}`, flag.about]),
    [34],
  )
