import { parseArgs } from 'node:util'
import {
  type Action,
  type CallOptions,
  type Connection,
  perform,
  performAll,
  ServiceNowError,
  type WriteOutcome,
} from '@deskbridge/servicenow'
import { failureWords, isOutcomeUnknown } from '../catalogue/failure-words.ts'
import { notTakenWords } from '../catalogue/not-taken-words.ts'
import { rowNamed } from '../catalogue/rows.ts'
import { openConnection } from '../connecting/connection-of.ts'
import { askPerson } from '../process/ask-person.ts'
import { findOutputFailure, somebodyReads } from '../process/nobody-reads.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { answerPrinter } from './answer.ts'
import { bytesOf, description } from './describe.ts'
import { writeOutput } from './file.ts'
import { type Flag, flagsOf, OWN_OPTIONS, parseOptions } from './flags.ts'
import { readActionInput } from './input.ts'

/** `deskbridge action run NAME …`: performs one row of the catalogue. The result is the exit code. */
export async function runAction(name: string, args: readonly string[]): Promise<number> {
  const row = rowNamed(name)
  const flags = flagsOf(row)
  const given = readFlags(row, flags, args)
  if (given.help) {
    process.stdout.write(description(row))
    return 0
  }
  checkOptions(row, given)
  const input = await readActionInput(row, flags, given)
  const connection = await openConnection(given.connection)
  if (row.effect === 'deletes' && !given.yes && !(await askAgreement(row, input, connection.baseUrl))) return 1
  const ending = new AbortController()
  const end = () => ending.abort()
  process.once('SIGINT', end)
  try {
    const outcome = await performRow({ row, input, given, connection, options: { signal: ending.signal, ...timeoutOf(given.timeout) } })
    const words = notTakenWords(row, outcome)
    if (words) process.stderr.write(`${words}\n`)
    if (row.effect !== 'reads' && (await findOutputFailure())) return OUTCOME_UNTOLD
    return outcome.notTaken?.length ? NOT_ALL_TAKEN : 0
  } catch (error) {
    if (!(error instanceof ServiceNowError)) throw error
    process.stderr.write(`${failureWords(row, error)}\n`)
    return isOutcomeUnknown(error) ? 3 : 1
  } finally {
    process.removeListener('SIGINT', end)
  }
}

/** The write was done, but its answer is lost: whoever called does not know of it. */
const OUTCOME_UNTOLD = 3

/** The write was done; some of its fields are not in the record. */
const NOT_ALL_TAKEN = 4

type Given = ReturnType<typeof readFlags>

interface Performance {
  readonly row: Action
  readonly input: Record<string, unknown>
  readonly given: Given
  readonly connection: Connection
  readonly options: CallOptions
}

async function performRow({ row, input, given: { json, all, output }, connection, options }: Performance): Promise<WriteOutcome> {
  const print = answerPrinter(json, input.fields as readonly string[] | undefined)
  if (all) {
    for await (const rows of performAll(connection, row, input, options)) {
      await print.rows(rows)
      if (!somebodyReads()) return {}
    }
    await print.end()
    return {}
  }
  const answer = await perform(connection, row, input, options)
  const bytes = bytesOf(row)
  if (bytes === undefined || output === undefined) {
    await print.answer(answer)
    return row.effect === 'reads' ? {} : (answer as WriteOutcome)
  }
  const { [bytes]: body, ...about } = answer as Record<string, unknown>
  await writeOutput(output, body as ReadableStream<Uint8Array>)
  if (output !== '-') await print.answer({ ...about, file: output })
  return {}
}

function readFlags(row: Action, flags: readonly Flag[], args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: parseOptions(flags) }).values
  } catch (error) {
    const known = [...flags.map(({ name }) => name), ...Object.keys(OWN_OPTIONS)]
    const [problem = ''] = (error as Error).message.split('. ')
    throw new WrongUse(`${problem}.\n${row.name} takes ${[...new Set(known)].map(name => `--${name}`).join(' ')}`)
  }
}

function checkOptions(row: Action, { all, output }: Given): void {
  if (all && (row.effect !== 'reads' || row.paging === 'none')) throw new WrongUse(`${row.name} has no pages: leave --all out.`)
  const bytes = bytesOf(row) !== undefined
  if (bytes && output === undefined)
    throw new WrongUse(`${row.name} answers with a file: say where to with --output FILE, or --output - for standard output.`)
  if (!bytes && output !== undefined)
    throw new WrongUse(`${row.name} answers without a file: leave --output out. Its answer goes to standard output.`)
}

function timeoutOf(seconds: string | undefined): CallOptions {
  if (seconds === undefined) return {}
  const number = Number(seconds)
  if (!(number > 0 && number <= 3600)) throw new WrongUse(`--timeout is in seconds, up to 3600; not "${seconds}".`)
  return { timeoutMs: number * 1000 }
}

async function askAgreement(row: Action, input: object, baseUrl: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new WrongUse(`${row.name} deletes something, and nobody is here to be asked: add --yes. Nothing was done.`)
  const answer = await askPerson(`${row.title} ${JSON.stringify(input)} at ${baseUrl}? Type yes`, false)
  if (answer.trim().toLowerCase() === 'yes') return true
  process.stderr.write('Nothing was done.\n')
  return false
}
