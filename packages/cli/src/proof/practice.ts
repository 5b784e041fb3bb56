import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInstance, serveInstance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'

/** A practice instance on a port, and the command as a person would call it. */

export const COMMAND = fileURLToPath(new URL('../../bin/deskbridge.mjs', import.meta.url))
export const PASSWORD = 'a p@ssword of the tests'

export interface Practice {
  /** Of the child process: the instance and its credentials, and a folder of its own. */
  env: Record<string, string>
  folder: string
  run(args: readonly string[], given?: { stdin?: string; env?: Record<string, string> }): Promise<Ran>
  /** Runs a script with the instance in its environment, in the folder. */
  shell(script: string): Promise<Ran>
  /** Switches a fault on for as many requests as it says, else until the next one. */
  fault(fault: { kind: string; method?: string; path?: string; times?: number; fields?: string[] }): Promise<void>
  noFaults(): Promise<void>
  /** Asks the instance itself, past the command. */
  ask(path: string): Promise<{ result: Record<string, string>[] }>
  close(): Promise<void>
}

export interface Ran {
  code: number | null
  out: string
  err: string
}

export async function openPractice(): Promise<Practice> {
  const database = await makeFreshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  const served = await serveInstance(instance, { port: 0 })
  await instance.setPassword('admin', PASSWORD)
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-faces-'))
  const env = {
    PATH: process.env.PATH ?? '',
    DESKBRIDGE_DATA: folder,
    XDG_CONFIG_HOME: folder,
    SERVICENOW_INSTANCE_URL: served.url,
    SERVICENOW_USERNAME: 'admin',
    SERVICENOW_PASSWORD: PASSWORD,
  }
  const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${served.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  return {
    env,
    folder,
    run: (args, { stdin, env: more } = {}) => ran(process.execPath, [COMMAND, ...args], { env: { ...env, ...more } }, stdin),
    shell: script => ran('sh', ['-c', script], { env, cwd: folder }),
    fault: async fault => void (await call('POST', '/practice/faults', fault)),
    noFaults: async () => void (await call('DELETE', '/practice/faults')),
    ask: path => call('GET', path) as Promise<{ result: Record<string, string>[] }>,
    close: async () => {
      await served.close()
      await instance.close()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs something in a process of its own, with nobody at a terminal. */
function ran(program: string, args: readonly string[], where: { env: Record<string, string>; cwd?: string }, stdin = ''): Promise<Ran> {
  const child = spawn(program, args, { ...where, stdio: 'pipe' })
  const read = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', piece => (read.out += piece))
  child.stderr.setEncoding('utf8').on('data', piece => (read.err += piece))
  child.stdin.end(stdin)
  return new Promise((done, failed) => child.once('error', failed).once('close', code => done({ code, ...read })))
}
