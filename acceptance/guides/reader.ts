import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { COMMAND, NODE } from '../system/command.ts'
import type { StartedSystem } from '../system/start-system.ts'
import { commandsOf, readGuide } from './guide.ts'

/** What came of a script. */
export interface Followed {
  code: number | null
  out: string
  err: string
}

const isThere = (program: string): boolean => spawnSync('bash', ['-c', `command -v ${program}`]).status === 0

/** Somebody who types what the guides say, in a folder whose `data` is that of a running system. */
export class Reader {
  readonly #above = mkdtempSync(join(tmpdir(), 'deskbridge-reader-'))
  /** Where the commands are typed. */
  readonly folder = join(this.#above, 'work')
  readonly #environment: Record<string, string>

  /** `hasCurl`: otherwise curl.mjs stands in for it, as on a machine that has none. */
  constructor({ dataFolder, firstSteps, databaseUrl }: StartedSystem, { hasCurl = isThere('curl') } = {}) {
    const programs = join(this.#above, 'bin')
    for (const folder of [this.folder, programs]) mkdirSync(folder)
    symlinkSync(dataFolder, join(this.folder, 'data'))
    const program = (name: string, line: string) => writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
    program(
      'npx',
      `[ "$1" = --no ] && shift\n[ "$1" = deskbridge ] || { echo "npx $1 is not in a test" >&2; exit 99; }\nshift; exec "${NODE}" "${COMMAND}" "$@"`,
    )
    program('deskbridge', `exec "${NODE}" "${COMMAND}" "$@"`)
    // A person sees that an answer is a refusal; a script must be told.
    const curl = hasCurl ? 'PATH=${PATH#*:}; exec curl' : `exec "${NODE}" "${join(import.meta.dirname, 'curl.mjs')}"`
    program('curl', `${curl} --fail-with-body --show-error "$@"`)
    const { url, username = '', password = '' } = firstSteps.instances.sandbox
    this.#environment = {
      PATH: `${programs}:${dirname(NODE)}:${process.env.PATH}`,
      HOME: this.folder,
      DESKBRIDGE_EXCHANGE: firstSteps.exchange,
      SERVICENOW_INSTANCE_URL: url,
      SERVICENOW_USERNAME: username,
      SERVICENOW_PASSWORD: password,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    }
  }

  /** Follows a guide of docs/guides from top to bottom, and then types what is given here; the first failure ends it. */
  follow(guide: string, then = ''): Promise<Followed> {
    return this.type(`${commandsOf(readGuide(guide))}\n${then}`)
  }

  /** Runs a script as somebody at a shell; the first command that fails ends it, in a pipe too. */
  type(script: string): Promise<Followed> {
    const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: this.folder, env: this.#environment, stdio: 'pipe' })
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', piece => (said.out += piece))
    child.stderr.setEncoding('utf8').on('data', piece => (said.err += piece))
    child.stdin.end()
    return new Promise((done, failed) => child.once('error', failed).once('close', code => done({ code, ...said })))
  }

  close(): void {
    rmSync(this.#above, { recursive: true, force: true })
  }
}
