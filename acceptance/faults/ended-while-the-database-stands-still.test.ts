import { setTimeout as pause } from 'node:timers/promises'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { test } from 'vitest'
import { runCommand } from '../system/command.ts'
import { FREE_PORTS, newDataFolder, startSystem } from '../system/start-system.ts'
import { DatabaseGate } from './database-gate.ts'
import { until } from './socket-system.ts'

/** 40 s are promised; a busy machine gets a little more. */
const ENDS_WITHIN_MS = 45_000
const FILES_FOR_MS = 1_500

test.concurrent('asked to end while its database stands still, an exchange ends all the same', async ({ expect }) => {
  const database = await makeFreshDatabase()
  const gate = await DatabaseGate.before(database.url)
  const system = await startSystem({ database: gate.url })
  try {
    const customer = system.partner('customer')
    await Promise.all(Array.from({ length: 12 }, () => customer.fileTicket()))
    // It stalls in the middle of filings: some of them are in the instance, whose statements have no end of their own.
    let filing = true
    const file = async () => {
      while (filing) await customer.fileTicket().catch(() => undefined)
    }
    const unanswered = Promise.all(Array.from({ length: 12 }, file))
    await pause(FILES_FOR_MS)
    filing = false
    gate.stall()
    await pause(500)
    const began = Date.now()
    const ended = await system.stop()
    expect({ code: ended.code, signal: ended.signal }).toEqual({ code: 0, signal: null })
    expect(Date.now() - began).toBeLessThan(ENDS_WITHIN_MS)
    await unanswered
  } finally {
    await system.end()
    await gate.close()
    await database.drop()
  }
}, 90_000)

test.concurrent('asked to end while it starts at a database that stands still, it ends at once', async ({ expect }) => {
  const database = await makeFreshDatabase()
  const gate = await DatabaseGate.before(database.url)
  const folder = newDataFolder()
  gate.stall()
  const command = runCommand(['start'], { ...FREE_PORTS, DESKBRIDGE_DATA: folder.path, DATABASE_URL: gate.url })
  try {
    await until('it waits for the database', async () => gate.connections > 0, 30_000)
    const began = Date.now()
    command.process.kill('SIGTERM')
    expect((await command.ended).code).toBe(0)
    expect(Date.now() - began).toBeLessThan(5_000)
  } finally {
    command.process.kill('SIGKILL')
    await gate.close()
    await database.drop()
    folder.remove()
  }
}, 60_000)
