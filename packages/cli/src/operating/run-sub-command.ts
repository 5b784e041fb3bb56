import { didYouMean } from '../process/nearest.ts'
import { print } from '../process/nobody-reads.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { ExchangeRefused, openExchange } from './exchange.ts'
import { helpOf, helpOfAll, usage } from './help.ts'
import { PerhapsChanged } from './perhaps-changed.ts'
import { readArguments } from './read-arguments.ts'
import type { SubCommand } from './sub-command.ts'

/** A command of the operator’s, made of sub-commands. */
export interface OperatingCommand {
  /** As it is written: `project`. */
  readonly command: string
  readonly about: string
  readonly rows: readonly SubCommand[]
}

/** Runs one sub-command; the result is the exit code: 0 done, 1 refused or failed, 2 wrong use. */
export async function runSubCommand({ command, about, rows }: OperatingCommand, args: readonly string[]): Promise<number> {
  if (['--help', '-h', 'help'].includes(args[0] ?? '')) {
    await print(helpOfAll(command, about, rows))
    return 0
  }
  const row = findRow(rows, args)
  try {
    if (!row) throw new WrongUse(`${unknown(command, rows, args)}\n\n${helpOfAll(command, about, rows).trimEnd()}`)
    return await runRow(command, row, args.slice(row.words.split(' ').length))
  } catch (error) {
    if (error instanceof ExchangeRefused) {
      process.stderr.write(`${error.sentences}\n`)
      return 1
    }
    if (error instanceof PerhapsChanged) {
      process.stderr.write(`${error.message}\n${row?.ifUnknown ?? 'Run it again: what is so already stays as it is.'}\n`)
      return 1
    }
    if (!(error instanceof WrongUse)) throw error
    process.stderr.write(`${error.message}\n${row ? `Usage: ${usage(command, row)}\n` : ''}`)
    return 2
  }
}

async function runRow(command: string, row: SubCommand, args: readonly string[]): Promise<number> {
  const { names, flags } = readArguments(row, args)
  if (flags.help) {
    await print(helpOf(command, row))
    return 0
  }
  const exchange = openExchange({
    url: flags.exchange as string | undefined,
    email: flags.as as string | undefined,
    person: row.personOnly,
  })
  const { text, json, code = 0 } = await row.run({ names, flags: flags as never, exchange })
  await print(flags.json ? `${JSON.stringify(json, null, 2)}\n` : text)
  return code
}

/** The row whose words the arguments begin with; the longest, so that `secret add` comes before `add`. */
function findRow(rows: readonly SubCommand[], args: readonly string[]): SubCommand | undefined {
  const begins = (row: SubCommand) => row.words.split(' ').every((word, at) => args[at] === word)
  return rows.filter(begins).sort((a, b) => b.words.length - a.words.length)[0]
}

function unknown(command: string, rows: readonly SubCommand[], args: readonly string[]): string {
  const words = args.filter(word => !word.startsWith('-'))
  if (words.length === 0) return `What about "deskbridge ${command}"?`
  const family = rows.filter(row => row.words.startsWith(`${words[0]} `))
  // Only the words that could be a sub-command's are repeated: what follows may be a secret.
  const said = family.length ? words.slice(0, 2).join(' ') : words[0]!
  return `There is no "${command} ${said}".${didYouMean(
    said,
    rows.map(row => row.words),
  )}`
}
