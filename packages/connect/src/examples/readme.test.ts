import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as everything from '../index.ts'
import { contractServer, json } from '../testing/contract-server.ts'

const README = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
const EXAMPLE = join(import.meta.dirname, 'follow-my-tickets.ts')

test('the example of the README is the file, and it runs', async () => {
  expect(README.includes(await readFile(EXAMPLE, 'utf8')), 'README.md does not have the text of src/examples/follow-my-tickets.ts').toBe(
    true,
  )
  const folder = await mkdtemp(join(tmpdir(), 'connect-example-'))
  const update = { transaction_id: 'T1', action: 'New', ticket_type: 'Incident', kpn_ticket_number: 'INC#2', message_datetime_utc: '' }
  await using server = await contractServer((response, { method }) => {
    if (method === 'GET') return json(response, 200, [update])
    json(response, 200, { kpn_ticket_number: 'INC#1', note: 'Incident INC#1 has been created;' })
  })
  const child = spawn(process.execPath, [EXAMPLE], {
    env: { ...process.env, EXCHANGE: server.host, CLIENT_ID: 'id', CLIENT_SECRET: 's', FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 10_000,
  })
  let said = ''
  child.stdout.on('data', chunk => {
    said += chunk
  })
  try {
    await expect.poll(() => server.seen.some(({ body }) => body.includes('"action":"Response"')), { timeout: 8000 }).toBe(true)
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(said).toContain('Incident INC#1 has been created;')
    expect(said).toContain('INC#2 New')
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
})

test('the README names everything that can be called', () => {
  expect(Object.keys(everything).filter(name => !README.includes(name))).toEqual([])
})
