import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { INSTALLED } from '../../tools/pack/installed-packages.ts'

/** Of the checkout, or of the folder in which the packages are installed that are to be tried. */
export const COMMAND = process.env[INSTALLED]
  ? join(process.env[INSTALLED], 'node_modules/deskbridge/bin/deskbridge.mjs')
  : resolve(import.meta.dirname, '../../packages/cli/bin/deskbridge.mjs')

/** The Node that `npm ci` brings along, so that the process we start is the one that works (an older one starts it as a child). */
export const NODE = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')

/** Settings of the machine that runs the tests must not reach the system under test. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ']
/** Nor what the person who runs them has saved. */
const NOBODYS_CONFIGURATION = join(tmpdir(), `deskbridge-nobodys-${process.pid}`)

export interface EndedCommand {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** The `deskbridge` command as a process of its own. */
export interface Command {
  readonly process: ChildProcess
  /** Standard output and standard error so far. */
  output(): string
  readonly ended: Promise<EndedCommand>
  /** Settles when it has printed this; fails when it ends before that. */
  untilPrinted(text: string, withinMs: number): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export const runCommand = (args: readonly string[], environment: Readonly<Record<string, string>>, stdin?: string): Command =>
  runScript([COMMAND, ...args], environment, stdin)

/** A script of ours, as a process of its own. */
export function runScript(args: readonly string[], environment: Readonly<Record<string, string>>, stdin?: string): Command {
  const inherited = Object.fromEntries(PASSED_ON.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
  const child = spawn(NODE, [...args], {
    env: { ...inherited, XDG_CONFIG_HOME: NOBODYS_CONFIGURATION, ...environment },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(stdin)
  running.add(child)
  let output = ''
  const watchers = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of watchers) look()
    })
  const ended = new Promise<EndedCommand>((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) => {
      running.delete(child)
      done({ code, signal, output })
    })
  })
  return {
    process: child,
    output: () => output,
    ended,
    async untilPrinted(text, withinMs) {
      const { promise: printed, resolve: found } = Promise.withResolvers<void>()
      const look = () => (output.includes(text) ? found() : undefined)
      watchers.add(look)
      look()
      const late = new Promise<never>((_, failed) => {
        setTimeout(() => failed(new Error(`"${text}" was not printed within ${withinMs} ms. Printed:\n${output}`)), withinMs).unref()
      })
      const over = ended.then(({ code, signal }) => {
        throw new Error(`The command ended (${code ?? signal}) before it printed "${text}". Printed:\n${output}`)
      })
      await Promise.race([printed, late, over]).finally(() => watchers.delete(look))
    },
  }
}
