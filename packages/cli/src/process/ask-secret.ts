import { createInterface, type Interface } from 'node:readline'
import { askPerson } from './ask-person.ts'
import { CannotStart } from './cannot-start.ts'

let lines: AsyncIterator<string> | undefined

/**
 * A secret of a person: asked for on the terminal without showing it, else the next line of standard input, so that two secrets are two
 * lines. It is never an argument, which every user of the machine could read in its list of processes.
 * @throws CannotStart when standard input has no such line
 */
export async function askSecret(what: string): Promise<string> {
  if (process.stdin.isTTY) return askPerson(what, true)
  lines ??= (createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }) as Interface)[Symbol.asyncIterator]()
  const { value = '' } = await lines.next()
  if (value === '') throw new CannotStart(`${what}: this is no terminal to ask on, and standard input has no line for it.`)
  return value
}

/** A new password, typed twice on a terminal. @throws CannotStart when the two differ */
export async function askNewSecret(what: string): Promise<string> {
  const first = await askSecret(what)
  if (process.stdin.isTTY && first !== (await askSecret(`${what}, once more`)))
    throw new CannotStart('The two differ. Nothing was changed.')
  return first
}
