import { describe, expect, test } from 'vitest'
import { CannotStart } from './platform/data-folder.ts'
import { readSettings } from './settings.ts'

test('without any variable everything has its documented default', () => {
  const settings = readSettings({})
  expect(settings).toMatchObject({ port: 8080, host: '127.0.0.1', dataFolder: './data', databaseUrl: '' })
  expect(settings.serviceNow.settleMs).toBe(60_000)
  expect([settings.instances.production.port, settings.instances.sandbox.port]).toEqual([8081, 8082])
})

test('the address of an instance is taken as a person pastes it, and of a wrong one no password is repeated', () => {
  const user = { SERVICENOW_SANDBOX_USERNAME: 'u', SERVICENOW_SANDBOX_PASSWORD: 'p' }
  const read = (url: string) => readSettings({ ...user, SERVICENOW_SANDBOX_URL: url }).instances.sandbox.url
  expect(read('dev12345')).toBe('https://dev12345.service-now.com')
  expect(read('dev12345.service-now.com/abc123/4567')).toBe('https://dev12345.service-now.com')
  expect(() => read('https://u:secret-word@dev12345.service-now.com')).toThrow(/SERVICENOW_SANDBOX_URL: .*user name and password/)
  expect(() => read('https://u:secret-word@dev12345.service-now.com')).not.toThrow('secret-word')
})

test('all problems are told together, and what is missing opens no door', () => {
  const read = () => readSettings({ PORT: 'eighty', LOG_LEVEL: 'loud', SERVICENOW_SANDBOX_URL: 'https://example.service-now.com' })
  expect(read).toThrow(CannotStart)
  expect(read).toThrow(/PORT: "eighty"[\s\S]*LOG_LEVEL: "loud"[\s\S]*SERVICENOW_SANDBOX_URL is set, but neither/)
})

describe('whether there is a demo company', () => {
  const user = { USERNAME: 'u', PASSWORD: 'p' }
  const instance = (environment: string) =>
    Object.fromEntries(
      Object.entries({ URL: 'dev12345', ...user }).map(([name, value]) => [`SERVICENOW_${environment}_${name}`, value] as const),
    )
  const DATABASE_URL = 'postgresql://user@host/database'

  test.each([
    ['with nothing set, there is', {}, true],
    ['with other ports, a data folder and a proxy, there is', { PORT: '80', DESKBRIDGE_DATA: '/srv', TRUSTED_PROXIES: '10.0.0.1' }, true],
    ['with a ServiceNow for sandbox, there is none', instance('SANDBOX'), false],
    ['with a ServiceNow for production, there is none', instance('PRODUCTION'), false],
    ['with a saved connection for sandbox, there is none', { SERVICENOW_SANDBOX_CONNECTION: 'mine' }, false],
    ['with a saved connection for production, there is none', { SERVICENOW_PRODUCTION_CONNECTION: 'mine' }, false],
    ['with a database of one’s own, there is none', { DATABASE_URL }, false],
    ['said yes, there is, whatever else is set', { DATABASE_URL, ...instance('PRODUCTION'), DESKBRIDGE_DEMO: 'yes' }, true],
    ['said no, there is none, whatever else is not set', { DESKBRIDGE_DEMO: 'no' }, false],
    ['said nothing, it is as if it were not said', { DATABASE_URL, DESKBRIDGE_DEMO: '' }, false],
  ])('%s', (_, environment, demo) => expect(readSettings(environment).demo).toBe(demo))

  test.each(['true', '1', 'YES', 'off'])('%s is refused', word =>
    expect(() => readSettings({ DESKBRIDGE_DEMO: word })).toThrow(`DESKBRIDGE_DEMO: "${word}" is neither yes nor no`),
  )
})
