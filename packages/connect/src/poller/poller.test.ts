import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ConnectClient, connectClient } from '../client.ts'
import type { TicketSummary } from '../messages/ticket.ts'
import { answers, breaksOff, hangsUp, json, refuses } from '../testing/contract-server.ts'
import { queueServer } from '../testing/queue-server.ts'
import { readJournal, UpdateJournal } from './journal.ts'
import { type Poller, type PollerOptions, startPoller } from './poller.ts'
import type { PollerTrouble } from './trouble.ts'

const PROCESS = join(import.meta.dirname, '..', 'testing', 'poller-process.ts')
const QUICK = { firstWaitMs: 4, longestWaitMs: 20 }

let folder = ''
let running: Poller[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-poller-'))
  running = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const each of running) await each.stop().catch(() => undefined)
  await rm(folder, { recursive: true })
})

function clientOf(host: string): ConnectClient {
  return connectClient({ exchange: host, clientId: 'id', clientSecret: 's', patience: { ...QUICK, attempts: 2 } })
}

interface Followed {
  it: Poller
  taken: string[]
  troubles: PollerTrouble[]
}

async function follow(host: string, more: Partial<PollerOptions> = {}): Promise<Followed> {
  const taken: string[] = []
  const troubles: PollerTrouble[] = []
  const it = await startPoller({
    client: clientOf(host),
    folder,
    every: 10,
    patience: QUICK,
    onTrouble: trouble => troubles.push(trouble),
    ...more,
    onUpdate: async (update, handing) => {
      await more.onUpdate?.(update, handing)
      taken.push(update.transaction_id)
    },
  })
  running.push(it)
  return { it, taken, troubles }
}

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; !what(); waited += 5) {
    if (waited > 5000) throw new Error(`never came true: ${what}`)
    await pause(5)
  }
}

const numbers = (ids: string[]) => ids.map(id => Number(id.slice(-12)))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

test('from: everything once, in order, page after page, and the position at the server stays', async () => {
  await using server = await queueServer(50)
  server.arrived = 30
  const { it, taken, troubles } = await follow(server.host, { limit: 8, every: 60_000 })
  await until(() => taken.length === 30)
  server.arrived = 50
  it.pollNow()
  await until(() => taken.length === 50)
  await it.stop()
  expect(numbers(taken)).toEqual(upTo(50))
  expect(troubles).toEqual([])
  expect(server.position).toBe(0)
  const asked = server.seen.map(({ url }) => url.search)
  expect(asked[0]).toBe('?limit=8&since=1970-01-01T00%3A00%3A00Z')
  expect(asked.slice(1).every(search => /^\?limit=8&from=/.test(search))).toBe(true)
  expect(it.counts()).toEqual({ stored: 50, handed: 50, waiting: 0 })
})

test('an update is on disk before it is handed over', async () => {
  await using server = await queueServer(5)
  const onDisk: number[] = []
  const { taken } = await follow(server.host, {
    onUpdate: async update => {
      const { waiting, handed } = await readJournal(folder)
      expect(waiting[0]?.transaction_id).toBe(update.transaction_id)
      onDisk.push(handed + waiting.length)
    },
  })
  await until(() => taken.length === 5)
  expect(onDisk).toEqual([5, 5, 5, 5, 5])
})

test('a callback that rejects gets the same update until it is done, and nothing overtakes it', async () => {
  await using server = await queueServer(6)
  const attempts: string[] = []
  const { taken, troubles } = await follow(server.host, {
    onUpdate: async ({ transaction_id }, { attempt, again }) => {
      const number = Number(transaction_id.slice(-12))
      attempts.push(`${number}/${attempt}${again ? ' again' : ''}`)
      if (number === 2 && attempt < 4) throw new Error('our own desk is down')
    },
  })
  await until(() => taken.length === 6)
  expect(attempts).toEqual(['0/1', '1/1', '2/1', '2/2 again', '2/3 again', '2/4 again', '3/1', '4/1', '5/1'])
  expect(troubles.map(({ at, failures }) => `${at} ${failures}`)).toEqual(['callback 1', 'callback 2', 'callback 3'])
  expect(troubles[0]?.updates[0]?.transaction_id).toMatch(/2$/)
})

test('stop lets the update at work finish; the next start goes on after it', async () => {
  await using server = await queueServer(4)
  let release = () => {}
  const first = await follow(server.host, { onUpdate: () => new Promise(resolve => (release = resolve)) })
  await until(() => first.it.counts().waiting === 4)
  const stopped = first.it.stop()
  await pause(20)
  expect(first.taken).toEqual([])
  release()
  await stopped
  expect(numbers(first.taken)).toEqual([0])
  const second = await follow(server.host)
  await until(() => second.taken.length === 3)
  expect(numbers(second.taken)).toEqual([1, 2, 3])
})

test('a second poller on the folder is refused, in this process and in another; after a kill it is taken over', async () => {
  await using server = await queueServer(3)
  const child = spawn(process.execPath, [PROCESS, server.host, folder, 'from', join(folder, 'log'), '10', '100000', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 10_000,
  })
  await once(child.stdout, 'data')
  await expect(follow(server.host)).rejects.toMatchObject({ code: 'folder_in_use', message: expect.stringContaining(folder) })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await follow(server.host)
  await expect(follow(server.host)).rejects.toMatchObject({ code: 'folder_in_use' })
  const other = promisify(execFile)(process.execPath, [PROCESS, server.host, folder, 'from', join(folder, 'log'), '10', '100000', '0'], {
    timeout: 5000,
  })
  await expect(other).rejects.toThrow('Another poller is using the folder')
})

test('lost, cut and refused answers cost nothing but time', async () => {
  await using server = await queueServer(20)
  server.misfortune = (read, text) =>
    [hangsUp, breaksOff(JSON.parse(text)), refuses(503, 'x'), refuses(429, 'y', { 'retry-after': '0' })][read % 6]
  const { taken } = await follow(server.host, { limit: 4 })
  await until(() => taken.length === 20)
  expect(numbers(taken)).toEqual(upTo(20))
})

test('duplicates in an answer and answers that come twice are handed over once', async () => {
  await using server = await queueServer(6, { acknowledge: true })
  server.misfortune = (_read, text) => {
    const page = JSON.parse(text)
    return response => json(response, 200, [...page, ...page])
  }
  const { taken } = await follow(server.host, { mode: 'read-once' })
  await until(() => server.seen.length > 4)
  expect(numbers(taken)).toEqual(upTo(6))
})

test('from: a server that has forgotten the position is read from an earlier time, and nothing comes twice', async () => {
  await using server = await queueServer(40)
  server.arrived = 20
  const { taken, troubles } = await follow(server.host, { limit: 7 })
  await until(() => taken.length === 20)
  // The server lost its queue and rebuilt it: the last one that we know has another identity now.
  server.updates[19]!.transaction_id = 'another'
  server.arrived = 40
  await until(() => taken.length >= 41)
  await pause(50)
  expect(numbers(taken.filter(id => id !== 'another'))).toEqual(upTo(40))
  expect(taken.filter(id => id === 'another')).toHaveLength(1)
  expect(troubles.map(({ at }) => at)).toContain('position')
  expect(server.seen.some(({ url }) => url.searchParams.get('since') === '2026-10-02T11:00:01Z')).toBe(true)
})

test('from: a server that does not heed "from" is told of, and its answers are kept', async () => {
  await using server = await queueServer(6)
  server.arrived = 3
  server.misfortune = (_read, text) => answers(200, JSON.parse(text).slice(-2))
  const { taken, troubles } = await follow(server.host)
  await until(() => taken.length === 2)
  server.arrived = 6
  await until(() => taken.length === 4)
  expect(troubles[0]).toMatchObject({ at: 'position', error: { code: 'from_not_heeded', hint: expect.stringContaining('read-once') } })
})

test('ack: what is stored is acknowledged with the next poll, and not before', async () => {
  await using server = await queueServer(9, { acknowledge: true })
  const { it, taken } = await follow(server.host, { mode: 'ack', limit: 4 })
  await until(() => taken.length === 9 && server.position === 9)
  await it.stop()
  expect(numbers(taken)).toEqual(upTo(9))
  const asked = server.seen.map(({ url }) => Number(url.searchParams.get('ack')?.slice(-12) ?? -1))
  expect(asked.slice(0, 4)).toEqual([-1, 3, 7, 8])
  expect(server.seen.every(({ url }) => !url.searchParams.has('from'))).toBe(true)
})

test('ack: an acknowledgement that the server does not know does not stop the poller', async () => {
  await using server = await queueServer(8, { acknowledge: true })
  server.arrived = 4
  const { taken, troubles } = await follow(server.host, { mode: 'ack' })
  await until(() => taken.length === 4 && server.position === 4)
  server.updates[3]!.transaction_id = 'another'
  server.arrived = 8
  await until(() => taken.length === 8 && server.position === 8)
  expect(numbers(taken)).toEqual(upTo(8))
  expect(troubles.map(({ at }) => at)).toContain('position')
})

test('ack: a project that is not set to acknowledge is told of, and not read in the way that consumes', async () => {
  await using server = await queueServer(8)
  server.arrived = 4
  server.misfortune = () => (server.seen.at(-1)?.url.searchParams.has('ack') ? refuses(400, 'invalid_field') : undefined)
  const { taken, troubles } = await follow(server.host, { mode: 'ack' })
  await until(() => troubles.length > 2)
  expect(numbers(taken)).toEqual(upTo(4))
  expect(troubles[0]).toMatchObject({ at: 'poll', error: { status: 400, code: 'invalid_field' } })
  expect(server.seen.filter(({ url }) => !url.searchParams.has('ack'))).toHaveLength(1)
})

test('read-once: plain reads, and it says what is at risk', async () => {
  await using server = await queueServer(5)
  const { it, taken } = await follow(server.host, { mode: 'read-once' })
  await until(() => taken.length === 5)
  expect(server.seen.every(({ url }) => url.search === '')).toBe(true)
  expect(it.risk).toContain('may be gone')
  expect(it.risk).toContain('compare()')
})

test('read-once: stop waits for the answer that is under way, because nobody would give it again', async () => {
  await using server = await queueServer(3)
  server.misfortune = (_read, text) => async response => {
    await pause(80)
    json(response, 200, JSON.parse(text))
  }
  const { it } = await follow(server.host, { mode: 'read-once', every: 60_000 })
  await until(() => server.seen.length === 1)
  await it.stop()
  const journal = await readJournal(folder)
  expect(journal.waiting).toHaveLength(3)
})

test('from: stop does not wait for an answer that can be asked for again', async () => {
  await using server = await queueServer(3)
  server.misfortune = () => () => undefined
  const { it } = await follow(server.host)
  await until(() => server.seen.length === 1)
  const began = performance.now()
  await it.stop()
  expect(performance.now() - began).toBeLessThan(1000)
})

test('a journal that cannot be written for a while is written later, in order, once', async () => {
  await using server = await queueServer(10)
  const write = vi
    .spyOn(UpdateJournal.prototype, 'store')
    .mockRejectedValueOnce(new Error('ENOSPC'))
    .mockRejectedValueOnce(new Error('ENOSPC'))
  const { taken, troubles } = await follow(server.host, { mode: 'read-once' })
  await until(() => taken.length === 10)
  expect(numbers(taken)).toEqual(upTo(10))
  expect(troubles.map(({ at, updates }) => `${at} ${updates.length}`)).toEqual(['journal 10', 'journal 10'])
  expect(write.mock.calls.length).toBeGreaterThan(2)
})

test('compare finds the tickets whose updates were missed', async () => {
  await using server = await queueServer(4)
  server.updates[0]!.ticket_attributes = { state: 'In Progress' }
  server.updates[1]!.ticket_attributes = { state: 'On Hold' }
  server.updates[2]!.action = 'Resolved'
  const open = (kpn_ticket_number: string, state: string): TicketSummary => ({
    kpn_ticket_number,
    state,
    customer_reference_number: 'R',
    ticket_type: 'Incident',
    short_description: '',
    link: '',
  })
  const client = clientOf(server.host)
  vi.spyOn(client, 'listOpenTickets').mockResolvedValue([
    open('INC#10000', 'in progress'),
    open('INC#10001', 'Resolved'),
    open('INC#77', 'New'),
  ])
  const { it, taken } = await follow(server.host, { mode: 'read-once', client })
  await until(() => taken.length === 4)
  const found = await it.compare()
  expect(found.open).toBe(3)
  expect(found.otherState.map(({ ticket, seen }) => `${ticket.kpn_ticket_number} ${seen.state} -> ${ticket.state}`)).toEqual([
    'INC#10001 On Hold -> Resolved',
  ])
  expect(found.neverSeen.map(({ kpn_ticket_number }) => kpn_ticket_number)).toEqual(['INC#77'])
  expect(found.noLongerOpen.map(({ kpn_ticket_number }) => kpn_ticket_number)).toEqual(['INC#10003'])
})

test('a page of one update would never move on, so it is refused', async () => {
  await using server = await queueServer(1)
  await expect(follow(server.host, { limit: 1 })).rejects.toThrow('from 2 to 1000')
  expect(await readdir(folder)).toEqual([])
})

test('startAt counts for an empty folder only', async () => {
  await using server = await queueServer(40)
  const first = await follow(server.host, { startAt: new Date('2026-10-03T11:00:05Z') })
  await until(() => first.taken.length > 0 && first.it.counts().waiting === 0)
  await first.it.stop()
  const second = await follow(server.host, { startAt: '1999-01-01T00:00:00Z' })
  await until(() => server.seen.length > 3)
  expect(second.taken).toEqual([])
  expect(first.taken.at(-1)).toBe(server.updates.at(-1)?.transaction_id)
  expect(first.taken.length).toBeLessThan(40)
})
