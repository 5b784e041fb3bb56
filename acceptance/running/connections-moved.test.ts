import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { savedInFolder } from '@deskbridge/servicenow'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COMMAND, NODE } from '../system/command.ts'
import { typeCommand } from '../system/typed.ts'

let above: string
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'deskbridge-moved-'))
})
afterEach(() => rmSync(above, { recursive: true }))

const earlier = () => join(above, 'data', 'connections')
const now = () => join(above, 'deskbridge', 'connections')
const type = (args: readonly string[], more: Record<string, string> = {}) =>
  typeCommand(args, { DESKBRIDGE_DATA: join(above, 'data'), XDG_CONFIG_HOME: above, ...more })

const save = (folder: string, name: string, password: string, key: Record<string, string> = {}) =>
  savedInFolder(folder, key).add({ name, environment: 'sandbox', url: 'dev.example', values: { userName: 'abel', password } })
const passwordOf = async (name: string, key: Record<string, string> = {}) => {
  const { signIn } = await savedInFolder(now(), key).readOptions(name)
  return 'password' in signIn && signIn.password
}

test('connections of an earlier release are moved once, with their credentials, and it is said on standard error', async () => {
  await save(earlier(), 'desk', 'first')
  await savedInFolder(earlier(), {}).rotate('desk', { userName: 'beth', password: 'second' })
  const listed = await type(['connection', 'list', '--json'])
  expect(listed).toMatchObject({ code: 0, stderr: `The connection "desk" was moved from ${earlier()} to ${now()}.\n` })
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'desk', inUse: { who: 'beth' }, previous: { who: 'abel' } }])
  expect(existsSync(earlier())).toBe(false)
  expect(readdirSync(now()).sort()).toEqual(['connections.key', 'desk.json'])
  expect(await passwordOf('desk')).toBe('second')
  expect((await type(['connection', 'back', 'desk'])).stderr).toBe('')
  expect(await passwordOf('desk')).toBe('first')
})

test('where another connection has the name already, both stay; the very same one is not doubled', async () => {
  await save(now(), 'desk', 'mine')
  await save(earlier(), 'desk', 'theirs')
  expect((await type(['connection', 'list'])).stderr).toContain(' as "desk-2", because another one has its name there.\n')
  expect([await passwordOf('desk'), await passwordOf('desk-2')]).toEqual(['mine', 'theirs'])
  await save(earlier(), 'desk', 'mine')
  await type(['connection', 'list'])
  expect(readdirSync(now()).sort()).toEqual(['connections.key', 'desk-2.json', 'desk.json'])
  expect(existsSync(earlier())).toBe(false)
})

test('one that cannot be opened, or is damaged, stays where it is and holds up no other', async () => {
  const key = { DESKBRIDGE_KEY: Buffer.alloc(32, 7).toString('base64') }
  await save(earlier(), 'desk', 'ours')
  await save(earlier(), 'locked', 'secret', key)
  writeFileSync(join(earlier(), 'broken.json'), '{')
  const { code, stderr, stdout } = await type(['connection', 'list'])
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^NAME.*\ndesk .*\n$/) })
  expect(stderr).toContain(`The connection "locked" stays in ${earlier()}: It was sealed with the key`)
  expect(stderr).toContain(`The connection "broken" stays in ${earlier()}: `)
  expect(readFileSync(join(earlier(), 'broken.json'), 'utf8')).toBe('{')
  rmSync(join(earlier(), 'broken.json'))
  expect((await type(['connection', 'list'], key)).stdout).toMatch(/^NAME.*\ndesk .*\nlocked .*\n$/)
  expect(await passwordOf('locked', key)).toBe('secret')
  expect(existsSync(earlier())).toBe(false)
})

test('connections are found from any folder', async () => {
  await save(now(), 'desk', 'mine')
  expect((await type(['connection', 'list'], { DESKBRIDGE_DATA: join(above, 'elsewhere') })).stdout).toContain('desk')
  expect(existsSync(join(above, 'elsewhere'))).toBe(false)
})

test('those of the current folder’s data folder are moved too, where nobody names one', async () => {
  await save(earlier(), 'desk', 'ours')
  const script = 'cd "$1" && shift && exec "$@"'
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, 'sh', above, NODE, COMMAND, 'connection', 'list'], {
    env: { PATH: process.env.PATH ?? '', HOME: above, XDG_CONFIG_HOME: above },
  })
  expect(stdout).toMatch(/^desk /m)
  expect(stderr).toBe(`The connection "desk" was moved from ${earlier()} to ${now()}.\n`)
})

test('a link in the place of the earlier folder is not followed', async () => {
  await save(earlier(), 'desk', 'elsewhere')
  renameSync(earlier(), join(above, 'elsewhere'))
  symlinkSync(join(above, 'elsewhere'), earlier())
  expect(await type(['connection', 'list'])).toMatchObject({ stdout: expect.stringContaining('No connection is saved'), stderr: '' })
  expect(readdirSync(join(above, 'elsewhere')).sort()).toEqual(['connections.key', 'desk.json'])
})

test.runIf(process.getuid?.() === 0)('(tried as root) what another user has laid into the data folder is not taken for ours', async () => {
  await save(earlier(), 'desk', 'theirs')
  chownSync(earlier(), 4_711, 4_711)
  expect(await type(['connection', 'list'])).toMatchObject({ stdout: expect.stringContaining('No connection is saved'), stderr: '' })
  expect(readdirSync(earlier()).sort()).toEqual(['connections.key', 'desk.json'])
})
