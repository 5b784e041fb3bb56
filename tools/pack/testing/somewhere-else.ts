import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { packAll } from '../pack.ts'

/** What a program came to. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Packs everything and installs it, as somebody without a checkout does: in an empty folder below the temporary ones. */
export async function installSomewhereElse(): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-installed-'))
  // Another user must get through it: started as root, PostgreSQL runs as one of its own.
  chmodSync(folder, 0o755)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'somebody-else', private: true, type: 'module' }))
    const files = packAll(folder).map(({ path }) => path)
    console.log(`Installing the packages and what they depend on into ${folder}: from npm's cache, or its registry.`)
    const { code, err } = await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files], folder)
    if (code !== 0) throw new Error(`npm install failed. It needs npm's registry for what is not in npm's cache:\n${err}`)
    return { folder, remove }
  } catch (error) {
    remove()
    throw error
  }
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) end(child, 'SIGKILL')
})

/** To a program and to what it has started. */
function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

export interface How {
  /** Beside PATH and what npm needs of the machine. */
  readonly env?: Readonly<Record<string, string>>
  /** The folder of the Node that runs it. Default: that of the checkout. */
  readonly node?: string
  /** It does not end by itself: with this signal, once this is printed. */
  readonly until?: RegExp | undefined
  readonly signal?: NodeJS.Signals
  /** Called before the signal. */
  readonly meanwhile?: (printed: RegExpMatchArray) => Promise<unknown>
}

/** What a machine says that a program elsewhere is told too. */
const OF_THE_MACHINE =
  /^(?:HOME|LANG|TMPDIR|TZ|XDG_CACHE_HOME|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_(?:registry|cache|userconfig))$/i

/** Runs a program in a folder, with nobody at a terminal. */
export async function run(program: string, args: readonly string[], cwd: string, how: How = {}): Promise<Ran> {
  const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => OF_THE_MACHINE.test(name)))
  const PATH = [how.node ?? dirname(process.execPath), process.env.PATH].join(delimiter)
  const child = spawn(program, args, { cwd, env: { ...machine, PATH, ...how.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  const read = { out: '', err: '' }
  const ended = new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (read.err += piece))
  const printed = new Promise<RegExpMatchArray>(found =>
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      read.out += piece
      const match = how.until?.exec(read.out)
      if (match) found(match)
    }),
  )
  try {
    const met = how.until && (await Promise.race([printed, ended.then(() => undefined)]))
    if (how.until && !met) throw new Error(`${program} ${args.join(' ')} ended before it printed ${how.until}:\n${read.out}${read.err}`)
    if (met) await how.meanwhile?.(met)
    // To all of it: npx passes nothing on.
    if (met && how.signal) end(child, how.signal)
    return { code: await ended, ...read }
  } finally {
    end(child, 'SIGKILL')
    running.delete(child)
  }
}
