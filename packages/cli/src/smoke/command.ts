import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Addresses, FirstSteps } from '@deskbridge/exchange'
import { CannotStart } from '../process/cannot-start.ts'
import { openScene } from './scene.ts'
import { FROM_FIRST_CALL_TO_CLOSING } from './story.ts'

const USAGE = 'deskbridge smoke [--first-steps ./data/first-steps.json]'

/**
 * `deskbridge smoke`: tells a whole story to the system that runs, in plain sentences, and says which one was not true. It
 * files a ticket of the demo customer and reads the update queues of the demo partners.
 */
export async function runSmoke(args: readonly string[]): Promise<number> {
  const path = firstStepsPathIn(args)
  const steps = readFirstSteps(path)
  process.stdout.write(`Telling a story to ${steps.exchange} (${path})\n\n`)
  const scene = openScene(steps)
  for (const { says, happens } of FROM_FIRST_CALL_TO_CLOSING) {
    try {
      await happens(scene)
    } catch (error) {
      process.stdout.write(`  ✗ ${says}\n`)
      process.stderr.write(`\nThis was not true: ${says}.\n${reasonOf(error)}\n`)
      return 1
    }
    process.stdout.write(`  ✓ ${says}\n`)
  }
  process.stdout.write('\nEverything was true.\n')
  return 0
}

function firstStepsPathIn(args: readonly string[]): string {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'first-steps': { type: 'string' } } })
    return resolve(values['first-steps'] ?? join(process.env.DESKBRIDGE_DATA || './data', 'first-steps.json'))
  } catch (error) {
    throw new CannotStart(`${(error as Error).message}\nUsage: ${USAGE}`)
  }
}

/** @throws CannotStart where there is no such file, or no demo company in it: its partners tell the story */
function readFirstSteps(path: string): FirstSteps {
  const steps = read(path)
  if ('customer' in steps) return steps
  const { demoCredentialsIn: made } = steps
  throw new CannotStart(
    made
      ? `${path} holds addresses only: the demo company's credentials are in ${made.file} on ${made.host}. Name that file with --first-steps.`
      : `${path} holds addresses only, and the story is told by the partners of a demo company: start the exchange with DESKBRIDGE_DEMO=yes, on a database where a demo company does no harm.`,
  )
}

function read(path: string): Addresses | FirstSteps {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Addresses | FirstSteps
  } catch (error) {
    throw new CannotStart(
      `${path} cannot be read: ${(error as Error).message}. Start the system first ("npm start"), or name the file with --first-steps.`,
    )
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } }
  // A refused connection says why in its code only.
  return cause ? `${message}: ${cause.message || cause.code}` : message
}
