import { parseArgs } from 'node:util'
import { type ActionEffect, publishedFace } from '@deskbridge/servicenow'
import { ROWS, rowNamed } from '../catalogue/rows.ts'
import { columns } from '../process/columns.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { description } from './describe.ts'
import { runAction } from './run.ts'

const EFFECTS: readonly ActionEffect[] = ['reads', 'changes', 'deletes']

const USAGE = `deskbridge action list [--effect ${EFFECTS.join('|')}] [--json]
deskbridge action describe NAME [--json]
deskbridge action run NAME [flags of the action] [--json] [--connection NAME]     "action run NAME --help" shows the flags

Exit codes: 0 done; 1 failed or refused, certainly nothing was written; 2 wrong use; 3 the outcome of a write is unknown;
4 done, but ServiceNow did not take every field: standard error names them.
`

const VERBS: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  list: listActions,
  describe: describeAction,
  run: ([name = '', ...args]) => {
    if (name === '' || name.startsWith('-')) throw new WrongUse(`Which action? Its name comes first.\n${USAGE}`)
    return runAction(name, args)
  },
}

/** `deskbridge action`: what ServiceNow can be asked to do, and asking it. */
export async function runActionCommand([word = '', ...args]: readonly string[]): Promise<number> {
  if (['--help', '-h', 'help'].includes(word)) {
    process.stdout.write(USAGE)
    return 0
  }
  try {
    const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined
    if (!verb) throw new WrongUse(`${word ? `There is no "action ${word}".` : 'What about the actions?'}\n${USAGE}`)
    return await verb(args)
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error
    process.stderr.write(`${error.message.trimEnd()}\n`)
    return 2
  }
}

function listActions(args: readonly string[]): number {
  const { effect, json } = readArguments(args, { effect: { type: 'string' }, json: { type: 'boolean' } }).values as {
    effect?: string
    json?: boolean
  }
  if (effect !== undefined && !EFFECTS.includes(effect as ActionEffect))
    throw new WrongUse(`--effect is ${EFFECTS.join(', ')}; not "${effect}".`)
  const rows = ROWS.filter(row => effect === undefined || row.effect === effect)
  const shown = rows.map(({ name, effect, title, whenToUse, paging }) => ({ name, effect, title, whenToUse, paging }))
  process.stdout.write(
    json
      ? `${JSON.stringify(shown, null, 2)}\n`
      : columns([['ACTION', 'EFFECT', 'WHAT IT DOES'], ...shown.map(row => [row.name, row.effect, row.title])]),
  )
  return 0
}

function describeAction(args: readonly string[]): number {
  const { positionals, values } = readArguments(args, { json: { type: 'boolean' } })
  const [name, ...more] = positionals
  if (name === undefined || more.length) throw new WrongUse('Name one action: deskbridge action describe NAME.')
  const row = rowNamed(name)
  process.stdout.write(values.json ? `${JSON.stringify(publishedFace(row), null, 2)}\n` : description(row))
  return 0
}

function readArguments(args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`)
  }
}
