import { connect } from 'node:net'
import { afterAll, beforeAll, expect } from 'vitest'
import { serveInstance } from '../serve.ts'
import { basic, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
let served: Awaited<ReturnType<typeof serveInstance>>

beforeAll(async () => {
  room = await openRoom()
  served = await serveInstance(room.instance, { port: 0 })
})
afterAll(async () => {
  await served.close()
  await room.close()
})

const path = (characters: number) => {
  // The Link header would repeat the address three times, which is more than a client of Node reads.
  const start = '/api/now/table/incident?sysparm_suppress_pagination_header=true&sysparm_query=number=INC1'
  return `${start}${'0'.repeat(characters - start.length)}`
}

test('the longest address that an instance takes is answered', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await fetch(served.url + path(8_192), { method, headers: { authorization: basic('admin') } })
    expect(answer.status).toBe(200)
  }
  const terms = Array.from({ length: 300 }, () => 'order=1').join('^OR')
  expect(await room.find('incident', terms)).toEqual([])
})

test('a longer one is 414, over a socket as in process, however long it is', async () => {
  for (const characters of [8_193, 16_000, 23_000, 100_000, 140_000, 200_000, 2_000_000]) {
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(served.url + path(characters), { method, headers: { authorization: basic('admin') } })
      expect([answer.status, answer.headers.get('content-type'), await answer.text()], String(characters)).toEqual([
        414,
        'text/plain',
        'Request-URI Too Long',
      ])
    }
    expect((await room.call('GET', path(characters))).status).toBe(414)
  }
  const encoded = query('short_description=ä^'.repeat(1_000))
  expect(encoded.length).toBeGreaterThan(23_000)
  expect((await fetch(`${served.url}/api/now/table/incident?sysparm_query=${encoded}`)).status).toBe(414)
})

test('something that is no request is 400, and the next connection is served', async () => {
  const said = await new Promise<string>((done, failed) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'))
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('end', () => done(text)).on('error', failed)
  })
  expect(said).toMatch(/^HTTP\/1\.1 400 /)
  expect((await fetch(`${served.url}/practice`)).status).toBe(200)
})
