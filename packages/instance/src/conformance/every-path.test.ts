import { connect } from 'node:net'
import { afterAll, beforeAll, expect } from 'vitest'
import { ROUTES } from '../answering/routes.ts'
import { serveInstance } from '../serve.ts'
import { basic, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** Every row of the routes with parts of a path that nobody means well, sent as they are written. */

let room: Room
let served: Awaited<ReturnType<typeof serveInstance>>

beforeAll(async () => {
  room = await openRoom()
  served = await serveInstance(room.instance, { port: 0 })
})
afterAll(async () => {
  await served?.close()
  await room?.close()
})

/** The status of an answer to a request whose target no client would send so; what it answers is read to the end. */
function statusOf(method: string, target: string): Promise<number> {
  const { hostname, port } = new URL(served.url)
  const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? '{}' : ''
  return new Promise((done, failed) => {
    let heard = ''
    const socket = connect(Number(port), hostname)
    socket.setEncoding('latin1').on('data', text => {
      heard += text
    })
    socket.once('error', failed).once('close', () => done(Number(heard.slice(9, 12))))
    socket.write(
      `${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${basic('admin')}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
}

const REFUSED = ['..', '%2e%2E', '%2e', '..;x', 'a%2Fb', '..%2f..', 'a%5Cb', '%ff', '%ED%A0%80', '%']
const TAKEN_FOR_A_NAME = ['%00', 'a%00b', '%25', ';', '%F0%9F%98%80', 'a'.repeat(3_000)]

test('a hostile part of a path is refused whatever the row: never a failure, never another row’s answer', async () => {
  const rows = ROUTES.filter(({ path }) => path.includes(':'))
  expect(rows.length).toBeGreaterThan(40)
  for (const { method, path } of rows) {
    const names = path.match(/:\w+/g)!
    for (const at of names)
      await Promise.all(
        [...REFUSED, ...TAKEN_FOR_A_NAME].map(async part => {
          const target = path.replace(/:\w+/g, name => (name === at ? part : 'incident'))
          const status = await statusOf(method, target)
          expect(status, `${method} ${target}`).toBeGreaterThanOrEqual(200)
          expect(status, `${method} ${target}`).toBeLessThan(500)
          if (REFUSED.includes(part)) expect(status, `${method} ${target}`).toBe(400)
        }),
      )
  }
})

test('a path that leads elsewhere once it is tidied up is refused', async () => {
  for (const target of [
    '/api/now/../../practice/faults',
    '/api/now/%2e%2e/%2e%2e/practice/faults',
    '/api/now%2Ftable/incident',
    'http://x/api/../practice',
  ])
    expect(await statusOf('GET', target), target).toBe(400)
  expect(await statusOf('GET', '/api/now/table/incident?sysparm_limit=1&sysparm_query=short_descriptionLIKE/../a%2Fb')).toBe(200)
})
