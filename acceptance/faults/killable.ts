import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../system/answer.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { type SocketInstance, settingsFor, startInstance, untilAnswered } from './socket-system.ts'

/** An exchange that is killed and started again on the same folder, while its instance lives on. */
export interface Killable {
  readonly instance: SocketInstance
  /** As it runs now: addresses change with every start. */
  readonly now: StartedSystem
  /** kill -9, and a new start; how long that start took, in milliseconds. */
  killAndStart(): Promise<number>
  /** What is in its spool. */
  spooled(): string[]
  end(): Promise<void>
}

/** Its own PostgreSQL is in its data folder: that must end with it, and open again at once. */
export async function startKillable(): Promise<Killable> {
  const instance = await startInstance()
  const first = await startSystem({ database: 'own', environment: settingsFor(instance) })
  let now = first
  return {
    instance,
    get now() {
      return now
    },
    async killAndStart() {
      const before = postgresOf(now)
      await now.kill()
      const began = Date.now()
      now = await now.startAgain()
      if (before !== undefined && before !== postgresOf(now) && isAlive(before))
        throw new Error('The killed exchange left its PostgreSQL behind')
      return Date.now() - began
    },
    spooled: () => readdirSync(join(now.dataFolder, 'spool')),
    async end() {
      await first.end()
      await instance.end()
    },
  }
}

function postgresOf({ dataFolder }: StartedSystem): number | undefined {
  const file = join(dataFolder, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A partner that has heard no answer sends the same again, also after a start on another address. */
export const patiently = (send: () => Promise<Answer>) => untilAnswered(send, 40_000)
export const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
