import { existsSync } from 'node:fs'
import { CannotStart } from '../process/cannot-start.ts'
import { WrongUse } from '../process/wrong-use.ts'
import type { Exchange } from './exchange.ts'
import type { Flags } from './flags.ts'
import { PerhapsChanged } from './perhaps-changed.ts'
import { type HandOver, openWaitingFile, type SecretPlace } from './waiting-file.ts'

/** The flag of every sub-command that makes a secret. */
export const OUT_FLAG = {
  out: { value: 'FILE', about: 'write the secret into this new file, for its owner alone, instead of showing it' },
} as const satisfies Flags

/** Onto the terminal, where no file is named. @throws WrongUse where standard output is no terminal: journals keep what is printed */
function onTerminal(): SecretPlace {
  if (!process.stdout.isTTY)
    throw new WrongUse(
      'The secret is shown once, and standard output is no terminal to show it on. Name a new file for it with --out FILE.',
    )
  return { handOver: secret => ({ text: `Shown once, now: ${secret}\n`, json: { secret } }), abandon: () => {} }
}

const THERE = 'it is there already, and is not written over'
const cannotBeWritten = (path: string, why: string) =>
  new CannotStart(`The secret cannot be written into ${path}: ${why}. Nothing was made.`)

function intoFile(path: string): SecretPlace {
  try {
    const { fill, remove } = openWaitingFile(path)
    return {
      handOver(secret) {
        fill(secret)
        return { text: `The secret is in ${path}, for its owner alone.\n`, json: { secret_file: path } }
      },
      abandon: remove,
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw cannotBeWritten(path, code === 'EEXIST' ? THERE : message)
  }
}

/**
 * Makes something with a secret, and hands it over: into the file of `--out`, else onto the terminal.
 * @throws WrongUse where there is no terminal and no file is named; CannotStart for a file that is there. Nothing was made then
 */
export function withSecretPlace<T>(exchange: Exchange, out: string | undefined, make: (handOver: HandOver) => Promise<T>): Promise<T> {
  if (out !== undefined && existsSync(out)) throw cannotBeWritten(out, THERE)
  const terminal = out === undefined ? onTerminal() : undefined
  return withPlace(exchange, () => terminal ?? intoFile(out!), make)
}

/**
 * The same for a place of any kind. It is opened after signing in and before anything is asked: a question for a password that is broken off
 * leaves nothing behind, and no secret is made that nobody gets. Where nothing comes, it goes again, also when the person breaks it off.
 * @throws PerhapsChanged where the secret was made and cannot be kept
 */
export async function withPlace<T>(exchange: Exchange, open: () => SecretPlace, make: (handOver: HandOver) => Promise<T>): Promise<T> {
  await exchange.signIn()
  const place = open()
  let isKept = false
  const leave = () => {
    if (!isKept) place.abandon()
  }
  const breakOff = () => {
    leave()
    process.kill(process.pid, 'SIGINT')
  }
  process.once('SIGINT', breakOff)
  try {
    return await make(secret => {
      const handedOver = kept(() => place.handOver(secret))
      isKept = true
      return handedOver
    })
  } catch (error) {
    leave()
    throw error
  } finally {
    process.off('SIGINT', breakOff)
  }
}

function kept<T>(handOver: () => T): T {
  try {
    return handOver()
  } catch (error) {
    throw new PerhapsChanged(`It was made, and its secret cannot be kept: ${(error as Error).message}.`)
  }
}
