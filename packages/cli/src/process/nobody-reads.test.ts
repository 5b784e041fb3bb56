import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMAND, openPractice, type Practice } from '../proof/practice.ts'

/** `deskbridge … | head -1`, and readers that go away at other moments. */

let practice: Practice
beforeAll(async () => {
  practice = await openPractice()
})
afterAll(() => practice?.close())

/** Runs a command whose reader goes away: at once, or after it has heard something. */
async function unread(args: readonly string[], { at, env = {} }: { at: 'once' | 'first line'; env?: Record<string, string> }) {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...practice.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', text => (err += text))
  if (at === 'first line') await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code, signal] = await once(child, 'close')
  return { code, signal, err }
}

test.each([
  ['doctor', 'once'],
  ['doctor', 'first line'],
  ['doctor --json', 'once'],
  ['action list', 'once'],
  ['action list --json', 'first line'],
  ['action describe incident.create', 'once'],
  ['action run incident.list --all --fields number', 'once'],
  ['action run incident.list --all --json', 'first line'],
  ['connection list', 'once'],
  ['help', 'once'],
] as const)('deskbridge %s, whose reader goes away at %s, ends quietly', async (line, at) => {
  const { code, signal, err } = await unread(line.split(' '), { at })
  expect({ code, signal }).toEqual({ code: 0, signal: null })
  expect(err).not.toMatch(/EPIPE|^\s+at /m)
})

test('a write is done to its end, and the exit code tells of it', async () => {
  expect(
    await unread(['action', 'run', 'incident.create', '--values', 'short_description=Nobody reads this'], { at: 'once' }),
  ).toMatchObject({
    code: 0,
  })
  const { result } = await practice.ask('/api/now/table/incident?sysparm_query=short_description=Nobody%20reads%20this')
  expect(result).toHaveLength(1)
})

test('a failure stays one: of a connection that does not work, and of a command that is none', async () => {
  expect(await unread(['doctor'], { at: 'once', env: { SERVICENOW_PASSWORD: 'wrong' } })).toMatchObject({ code: 1 })
  expect(await unread(['action', 'run', 'incident.lisst'], { at: 'once' })).toMatchObject({ code: 2 })
})

/** Runs a command one of whose outputs is on a disk that is full. */
async function onFullDisk(args: readonly string[], stream: 'stdout' | 'stderr' = 'stdout') {
  const full = openSync('/dev/full', 'w')
  const [stdout, stderr] = stream === 'stdout' ? [full, 'pipe' as const] : ['pipe' as const, full]
  const child = spawn(process.execPath, [COMMAND, ...args], { env: practice.env, stdio: ['ignore', stdout, stderr] })
  closeSync(full)
  let said = ''
  for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', text => (said += text))
  const [code] = await once(child, 'close')
  return { code, said }
}

describe.skipIf(!existsSync('/dev/full'))('a disk that is full', () => {
  test.each(['action list', 'doctor --json', 'action run incident.list --json', 'action run incident.list --all', 'help'])(
    'deskbridge %s fails, in a sentence',
    async line => {
      const { code, said } = await onFullDisk(line.split(' '))
      expect(code).toBe(1)
      expect(said).toContain('ENOSPC')
      expect(said).not.toMatch(/^\s+at /m)
    },
  )

  test('a write whose answer could not be written is not told as one that did nothing', async () => {
    const { code, said } = await onFullDisk(['action', 'run', 'incident.create', '--values', 'short_description=Nowhere to say it'])
    expect({ code, said }).toEqual({ code: 3, said: expect.stringContaining('ENOSPC') })
    const { result } = await practice.ask('/api/now/table/incident?sysparm_query=short_description=Nowhere%20to%20say%20it')
    expect(result).toHaveLength(1)
  })

  test('what cannot be said on standard error ends nothing', async () => {
    const { code } = await onFullDisk(['action', 'run', 'incident.list', '--all', '--json'], 'stderr')
    expect(code).toBe(0)
    expect(await onFullDisk(['action', 'run', 'incident.lisst'], 'stderr')).toMatchObject({ code: 2 })
  })
})

test('reading page after page ends with its reader', async () => {
  const pages = ['action', 'run', 'table.list', '--table', 'sys_dictionary', '--all', '--limit', '10']
  const { code, err } = await unread(pages, { at: 'first line' })
  expect(code).toBe(0)
  expect(err).not.toContain('all there are')
})

test('what serves others goes on: its first lines were all that it had to say', async () => {
  const child = spawn(process.execPath, [COMMAND, 'mcp', '--http', '0'], {
    env: { ...practice.env, DESKBRIDGE_MCP_TOKEN: 'the token of these tests' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  child.stdout.destroy()
  await pause(50)
  const answer = await fetch(/Tools: (\S+)/.exec(said)![1]!, { method: 'POST' })
  expect(answer.status).toBe(401)
  child.kill('SIGTERM')
  expect((await once(child, 'close'))[0]).toBe(0)
})

test('the tools of an assistant that is gone end with it', async () => {
  const child = spawn(process.execPath, [COMMAND, 'mcp'], { env: practice.env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdout.destroy()
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
  expect((await once(child, 'close'))[0]).toBe(0)
})
