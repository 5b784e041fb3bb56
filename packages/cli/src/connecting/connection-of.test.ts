import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CannotStart } from '../process/cannot-start.ts'
import { openConnection } from './connection-of.ts'
import { openSavedConnections } from './saved-connections.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-connection-of-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const LOOSE = { SERVICENOW_INSTANCE_URL: 'dev.example/', SERVICENOW_USERNAME: 'abel', SERVICENOW_PASSWORD: 'p' }

test('a name is the saved connection, whatever the environment says', async () => {
  const environment = { XDG_CONFIG_HOME: folder, ...LOOSE }
  const values = { userName: 'beth', password: 'p' }
  await (await openSavedConnections(environment)).add({ name: 'desk', environment: 'sandbox', url: 'saved.example', values })
  expect(await openConnection('desk', environment)).toMatchObject({ baseUrl: 'https://saved.example', userName: 'beth' })
})

test('without a name it is what the environment describes, and nothing is written', async () => {
  expect(await openConnection(undefined, { XDG_CONFIG_HOME: folder, ...LOOSE })).toMatchObject({
    baseUrl: 'https://dev.example',
    userName: 'abel',
  })
  const client = { SERVICENOW_INSTANCE_URL: 'dev.example', SERVICENOW_CLIENT_ID: 'c', SERVICENOW_CLIENT_SECRET: 's' }
  expect((await openConnection(undefined, { XDG_CONFIG_HOME: folder, ...client })).userName).toBeUndefined()
  expect((await openConnection(undefined, { XDG_CONFIG_HOME: folder, ...client, ...LOOSE })).userName).toBe('abel')
  expect(readdirSync(folder)).toEqual([])
})

test.each<[string, string | undefined, Record<string, string>, RegExp]>([
  ['nothing', undefined, {}, /^Which instance\? Name a saved connection with --connection NAME/],
  ['an unknown name', 'desk', LOOSE, /^There is no connection "desk"\.$/],
  ['no password', undefined, { ...LOOSE, SERVICENOW_PASSWORD: '' }, /^sign-in: basic needs the password\.$/],
  ['an address that is none', undefined, { ...LOOSE, SERVICENOW_INSTANCE_URL: 'https://' }, /^baseUrl: it is not a URL\.$/],
  [
    'a certificate that is not there',
    undefined,
    { ...LOOSE, SERVICENOW_CLIENT_CERTIFICATE: '/nowhere.pem' },
    /\/nowhere\.pem cannot be read/,
  ],
])('%s is told in a sentence', async (_, name, environment, sentence) => {
  const error = await openConnection(name, { XDG_CONFIG_HOME: folder, ...environment }).catch(thrown => thrown)
  expect(error).toBeInstanceOf(CannotStart)
  expect(error.message).toMatch(sentence)
})
