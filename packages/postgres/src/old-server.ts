import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PostgresUnavailable } from './unavailable.ts'

const LIMIT_MS = 15_000

/**
 * After a kill the watched server needs a moment to end (seen: 0.7 s); until then the folder is still its own.
 * @throws PostgresUnavailable when it does not end
 */
export async function waitForOldServer(data: string): Promise<void> {
  const limit = Date.now() + LIMIT_MS
  while (isOldServerRunning(data)) {
    if (Date.now() > limit)
      throw new PostgresUnavailable(
        `Another PostgreSQL (process ${readOldProcess(data)}) runs on ${data}. End it, or choose another folder with DESKBRIDGE_DATA.`,
      )
    await pause(50)
  }
}

function readOldProcess(data: string): number | undefined {
  try {
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  } catch {
    return undefined
  }
}

/** Whether a server runs in this folder, whoever started it. */
export function isOldServerRunning(data: string): boolean {
  const pid = readOldProcess(data)
  if (!pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  } catch {
    return process.platform !== 'linux'
  }
}
