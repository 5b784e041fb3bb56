import { expect, test } from 'vitest'
import { CannotStart } from './platform/data-folder.ts'
import { readSettings } from './settings.ts'

test('without any variable everything has its documented default', () => {
  const settings = readSettings({})
  expect(settings).toMatchObject({ port: 8080, host: '127.0.0.1', dataFolder: './data', databaseUrl: '' })
  expect([settings.instances.production.port, settings.instances.sandbox.port]).toEqual([8081, 8082])
})

test('all problems are told together, and what is missing opens no door', () => {
  const read = () => readSettings({ PORT: 'eighty', LOG_LEVEL: 'loud', SERVICENOW_SANDBOX_URL: 'https://example.service-now.com' })
  expect(read).toThrow(CannotStart)
  expect(read).toThrow(/PORT: "eighty"[\s\S]*LOG_LEVEL: "loud"[\s\S]*SERVICENOW_SANDBOX_URL is set, but neither/)
})
