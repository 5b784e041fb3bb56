import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../files.ts'
import type { Mutation } from './mutation.ts'

/** What earlier runs have seen: so a run that was broken off goes on. Kept as long as mutation, broken file and test stay as they are. */
export interface Seen {
  /** Tests that were green before anything was broken. */
  green: Record<string, true>
  red: Record<string, { line: string; on: string; commit: string }>
  /** Mutations whose sources the compiler takes. */
  compiled: Record<string, true>
}

const STATE = join(ROOT, 'node_modules', '.cache', 'deskbridge-mutations.json')

export function openState(anew: boolean): Seen & { save(): void } {
  const kept: Seen = !anew && existsSync(STATE) ? (JSON.parse(readFileSync(STATE, 'utf8')) as Seen) : { green: {}, red: {}, compiled: {} }
  return {
    ...kept,
    save() {
      mkdirSync(dirname(STATE), { recursive: true })
      writeFileSync(STATE, JSON.stringify(kept))
    },
  }
}

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const hash = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)

/** By what a row is known: of the time at which it is asked for, so that sources which change during a run are not taken for those that were tried. */
export interface Keys {
  green: string
  red: string
}

export function keysOf(mutation: Mutation): Keys {
  const { file, proof } = mutation
  const green = hash(proof.title, textOf(proof.file), textOf(file))
  return { green, red: hash(JSON.stringify(mutation), green) }
}
