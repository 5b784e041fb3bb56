import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How long the registry may take, the first time. */
export const FETCHING = 600_000

const wanted = fileURLToPath(new URL('../../real-clients/', import.meta.url))

/**
 * Clients that others wrote, at the versions of `real-clients/package-lock.json`. They are 270 MB, so they do not come with `npm ci`:
 * they are fetched the first time, and kept in the user's cache folder. Install scripts are not run.
 * @throws Error where they cannot be had
 */
export async function realClients(): Promise<{ folder: string; load: NodeJS.Require }> {
  const hash = createHash('sha256')
    .update(readFileSync(join(wanted, 'package-lock.json')))
    .digest('hex')
    .slice(0, 12)
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'deskbridge', `real-clients-${hash}`)
  if (!existsSync(folder)) await fetchInto(folder)
  return { folder, load: createRequire(join(folder, 'package.json')) }
}

/** Under another name until it is whole, so that a run that was killed leaves nothing that looks ready. */
async function fetchInto(folder: string): Promise<void> {
  console.log(`Fetching Node-RED and other ServiceNow clients (about 270 MB) from the npm registry into ${folder}, once.`)
  const partly = `${folder}.${process.pid}`
  mkdirSync(partly, { recursive: true })
  try {
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(wanted, name), join(partly, name))
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], partly)
    if (!existsSync(folder)) renameSync(partly, folder)
  } finally {
    rmSync(partly, { recursive: true, force: true })
  }
}

function npm(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, failed) => {
    const running = spawn('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
    running.once('error', failed)
    running.once('exit', code =>
      code === 0 ? done() : failed(new Error(`npm ${args.join(' ')} ended with ${code}: the real clients cannot be had`)),
    )
  })
}
