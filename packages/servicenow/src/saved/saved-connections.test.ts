import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConnectionProblem, rotateKeyOfFolder, type SavedConnections, savedInFolder } from '../index.ts'
import { newKey, writeKey } from './keys.ts'

const SECRET = 'a secret pässword'
const desk = {
  name: 'desk',
  environment: 'sandbox',
  url: 'dev12345.service-now.com/now/nav/ui',
  values: { userName: 'abel', password: SECRET },
} as const

let folder: string
let saved: SavedConnections
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-saved-'))
  saved = savedInFolder(folder, {})
})
afterEach(() => rmSync(folder, { recursive: true }))

const everything = () => readdirSync(folder).map(file => readFileSync(join(folder, file), 'utf8'))

test('a saved connection shows who and where, and gives its secret to the connection alone', async () => {
  await saved.add(desk)
  const shown = await saved.list()
  expect(shown).toMatchObject([
    {
      name: 'desk',
      environment: 'sandbox',
      url: 'https://dev12345.service-now.com',
      inUse: { way: 'basic', who: 'abel' },
      previous: null,
      health: { state: 'unknown' },
    },
  ])
  expect(JSON.stringify(shown)).not.toMatch(/secret|sealed/)
  expect(await saved.readOptions('desk')).toEqual({
    baseUrl: 'https://dev12345.service-now.com',
    signIn: { kind: 'basic', userName: 'abel', password: SECRET },
  })
})

test('nothing on disk holds the secret, and every file is for its owner alone', async () => {
  await saved.add(desk)
  await saved.rotate('desk', { userName: 'abel', password: `${SECRET} 2` })
  for (const text of everything()) expect(text).not.toContain('secret')
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['connections.key', 'desk.json'])
})

test('the file of a connection that somebody changed is refused, so that a password cannot be sent to another address', async () => {
  await saved.add(desk)
  const path = join(folder, 'desk.json')
  const file = readFileSync(path, 'utf8')
  writeFileSync(path, file.replace('dev12345', 'evil'))
  await expect(saved.readOptions('desk')).rejects.toThrow('The credentials of "desk" cannot be opened. It was changed after it was sealed')
  writeFileSync(path, file.slice(0, 40))
  await expect(saved.readOptions('desk')).rejects.toThrow(/desk\.json is damaged/)
})

test('new credentials come into use beside the old ones, which stay until they are retired', async () => {
  await saved.add(desk)
  expect(await saved.rotate('desk', { clientId: 'id', clientSecret: 's' })).toMatchObject({
    inUse: { who: 'client id' },
    previous: { who: 'abel' },
  })
  expect((await saved.readOptions('desk')).signIn).toMatchObject({ kind: 'oauth', grant: 'client_credentials' })
  expect(await saved.back('desk')).toMatchObject({ inUse: { who: 'abel' }, previous: { who: 'client id' } })
  expect((await saved.readOptions('desk')).signIn).toMatchObject({ kind: 'basic', password: SECRET })
  await saved.back('desk')
  expect(await saved.retire('desk')).toMatchObject({ inUse: { who: 'client id' }, previous: null })
  await expect(saved.back('desk')).rejects.toThrow('"desk" has no previous credentials.')
})

test('a connection moves to another environment with its credentials', async () => {
  await saved.add(desk)
  expect(await saved.move('desk', 'production')).toMatchObject({ environment: 'production' })
  expect((await saved.readOptions('desk')).signIn).toMatchObject({ password: SECRET })
})

test('names that are taken, unknown or none are told', async () => {
  await saved.add(desk)
  const why = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: ConnectionProblem) => error.why,
    )
  expect(await why(saved.add(desk))).toBe('name-taken')
  for (const name of ['', '../desk', 'Desk', 'a b', 'desk.json', 'x'.repeat(61)]) {
    expect(await why(saved.add({ ...desk, name })), name).toBe('invalid')
    expect(await why(saved.remove(name)), name).toBe('not-found')
    expect(await why(saved.show(name)), name).toBe('not-found')
  }
  await saved.remove('desk')
  expect(await why(saved.show('desk'))).toBe('not-found')
  expect(readdirSync(folder)).toEqual(['connections.key'])
})

test('twenty that are saved at once are all there', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => saved.add({ ...desk, name: `desk-${n}` })))
  expect(await saved.list()).toHaveLength(20)
})

describe('rotation of the key', () => {
  test('everything is sealed anew and the old key is gone', async () => {
    await saved.add(desk)
    await saved.rotate('desk', { userName: 'abel', password: 'second' })
    const before = everything()
    expect(await rotateKeyOfFolder(folder, {})).toBe(1)
    for (const [nth, text] of everything().entries()) expect(text).not.toBe(before[nth])
    expect(everything()[0]?.trim().split('\n')).toHaveLength(1)
    expect((await saved.readOptions('desk')).signIn).toMatchObject({ password: 'second' })
    await saved.back('desk')
    expect((await saved.readOptions('desk')).signIn).toMatchObject({ password: SECRET })
  })

  test('one that breaks off leaves everything usable, and the next one finishes it', async () => {
    await saved.add(desk)
    await saved.add({ ...desk, name: 'another' })
    const path = join(folder, 'desk.json')
    const good = readFileSync(path, 'utf8')
    writeFileSync(path, good.replace('dev12345', 'evil'))
    const untouched = readFileSync(join(folder, 'another.json'), 'utf8')
    await expect(rotateKeyOfFolder(folder, {})).rejects.toThrow('The credentials of "desk" cannot be opened')
    expect(readFileSync(join(folder, 'another.json'), 'utf8')).toBe(untouched)
    writeFileSync(path, good)
    expect((await saved.readOptions('another')).signIn).toMatchObject({ password: SECRET })
    expect(await rotateKeyOfFolder(folder, {})).toBe(2)
    expect((await saved.readOptions('desk')).signIn).toMatchObject({ password: SECRET })
    expect(everything()[1]?.trim().split('\n')).toHaveLength(1)
  })

  test('with keys in the environment the old one is accepted until all is sealed with the new one', async () => {
    const [first, second] = [writeKey(newKey()), writeKey(newKey())]
    await savedInFolder(folder, { DESKBRIDGE_KEY: first }).add(desk)
    await expect(savedInFolder(folder, { DESKBRIDGE_KEY: second }).readOptions('desk')).rejects.toThrow(/It was sealed with the key/)
    const both = { DESKBRIDGE_KEY: second, DESKBRIDGE_OLD_KEY: first }
    expect((await savedInFolder(folder, both).readOptions('desk')).signIn).toMatchObject({ password: SECRET })
    expect(await rotateKeyOfFolder(folder, both)).toBe(1)
    expect((await savedInFolder(folder, { DESKBRIDGE_KEY: second }).readOptions('desk')).signIn).toMatchObject({ password: SECRET })
  })
})
