import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** One thing that somebody did in a soak, and what came of it. */
export interface Kept {
  actor: string
  /** The ticket, task or record that it is about, or the reference under which it is filed. */
  ticket?: string | undefined
  what: string
  answer?: unknown
}

/** The history of a soak on disk: `history.jsonl` in its folder, one line a thing, in the order in which it was done. */
export class KeptHistory {
  readonly folder: string
  readonly #lines: WriteStream
  #count = 0

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.folder = folder
    this.#lines = createWriteStream(join(folder, 'history.jsonl'), { mode: 0o600 })
  }

  get count(): number {
    return this.#count
  }

  keep(thing: Kept): void {
    this.#count += 1
    this.#lines.write(`${JSON.stringify({ at: new Date().toISOString(), ...thing })}\n`)
  }

  async close(): Promise<void> {
    await new Promise<void>(done => this.#lines.end(done))
  }
}
