import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { keepIdleConnections } from './listening.ts'

test('a connection that waits for its first request is kept as long as one that was used; a slow body still ends after five minutes', () => {
  const server = createServer()
  keepIdleConnections(server)
  expect(server).toMatchObject({ keepAliveTimeout: 90_000, headersTimeout: 90_000, requestTimeout: 300_000 })
  keepIdleConnections(server, 2_000)
  expect(server).toMatchObject({ keepAliveTimeout: 2_000, headersTimeout: 60_000 })
  keepIdleConnections(server, 3_600_000)
  expect(server).toMatchObject({ keepAliveTimeout: 3_600_000, headersTimeout: 300_000 })
})
