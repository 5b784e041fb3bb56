import { NotBase64 } from '@deskbridge/attachment'
import { type Action, jsonSchema } from '@deskbridge/servicenow'
import { bytesIn } from '../catalogue/bytes-in.ts'
import { readGivenFile } from '../connecting/connection-of.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { readFileInput } from './file.ts'
import { type Flag, givenValue } from './flags.ts'

type Given = Readonly<Record<string, unknown>>

/** The input of an action: --input first, then the flags, which win, then the file. @throws WrongUse naming each problem */
export async function readActionInput(row: Action, flags: readonly Flag[], given: Given): Promise<Record<string, unknown>> {
  const { input: source, file } = given as { input?: string; file?: string }
  if (source === '-' && file === '-') throw new WrongUse('--input - and --file - both read standard input; only one of them can.')
  const fromFlags = flags.flatMap(flag =>
    given[flag.name] === undefined || flag.kind === 'file' ? [] : [[flag.field, givenValue(flag, given[flag.name])] as const],
  )
  const input = { ...(source === undefined ? {} : withBytes(row, await readObject(source))), ...Object.fromEntries(fromFlags) }
  if (file !== undefined) Object.assign(input, await readFileInput(row, flags, file, input))
  checkInput(row, flags, input)
  return input
}

/** A file in the JSON is base64. */
function withBytes(row: Action, object: object): Record<string, unknown> {
  try {
    return bytesIn(row, { ...object })
  } catch (error) {
    throw error instanceof NotBase64 ? new WrongUse(`--input: ${error.message}.`) : error
  }
}

async function readObject(source: string): Promise<object> {
  const text = source.trimStart().startsWith('{') ? source : source === '-' ? await readStandardInput() : readGivenFile(source, '--input')
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch (error) {
    throw new WrongUse(`--input is not JSON: ${(error as Error).message}. It is a file, - for standard input, or a JSON object.`)
  }
  if (object instanceof Object && !Array.isArray(object)) return object
  throw new WrongUse('--input must be a JSON object with the fields of the action.')
}

async function readStandardInput(): Promise<string> {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) text += piece
  return text
}

function checkInput(row: Action, flags: readonly Flag[], input: Record<string, unknown>): void {
  const checked = row.input.safeParse(input)
  if (checked.success) return
  const { properties = {} } = jsonSchema(row.input, 'input')
  const problems = checked.error.issues.map(({ path: [field, ...deeper], message }) => {
    const flag = flags.find(one => one.field === field)
    if (!flag) return message
    const about = properties[flag.field]?.description
    if (input[flag.field] === undefined) return `--${flag.name} is missing${about ? `: ${about}` : '.'}`
    return `--${flag.name}${deeper.length ? ` (${deeper.join('.')})` : ''}: ${message}${about && !deeper.length ? ` – ${about}` : ''}`
  })
  throw new WrongUse(`${problems.join('\n')}\n"deskbridge action run ${row.name} --help" shows every input.`)
}
