/**
 * A partner's process that follows its queue and writes down each update that it handles; made to be killed.
 * `<host> <folder> <mode> <log> <limit> <compactBytes> <slow>`
 */
import { appendFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { connectClient } from '../client.ts'
import { startPoller } from '../poller/poller.ts'
import type { PollerMode } from '../poller/reading.ts'

const [host = '', folder = '', mode = '', log = '', limit = '', compactBytes = '', slow = ''] = process.argv.slice(2)
const client = connectClient({ exchange: host, clientId: 'id', clientSecret: 's', patience: { firstWaitMs: 5, attempts: 2 } })
await startPoller({
  client,
  folder,
  mode: mode as PollerMode,
  limit: Number(limit),
  compactBytes: Number(compactBytes),
  every: 5,
  patience: { firstWaitMs: 5, longestWaitMs: 20 },
  onTrouble: () => undefined,
  onUpdate: async update => {
    // Half of the work before and half after what the outside can see, as with any real system.
    if (Math.random() < 0.5) await pause(Math.random() * Number(slow))
    appendFileSync(log, `${update.transaction_id}\n`)
    if (Math.random() < 0.5) await pause(Math.random() * Number(slow))
  },
})
// A killed process would not keep what it compiled, and the next one would take three times as long to begin.
flushCompileCache()
process.stdout.write('following\n')
