import { expect, test } from 'vitest'
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
