/**
 * How fast is Deskbridge beside the least that the same job can cost? Run: npm run bench [-- NAME … --count]
 *
 * Each benchmark runs the exchange, started as everybody starts it, beside a bare `node:http` server (bare-server.ts) that
 * does as many durable writes or selects on tables of the same shape in the same PostgreSQL. Rounds of the two alternate, and
 * what counts is the median of the rounds' ratios: a noisy machine slows both. Server, peer, load and database are processes of
 * their own; connections are kept alive and stay on this machine. With --count it also checks that both do the same work.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { attachment } from './attachment.ts'
import { COUNT } from './counting.ts'
import { fileTicket } from './file-ticket.ts'
import { type Ground, openGround } from './ground.ts'
import { outage } from './outage.ts'
import { emptyPoll, fullPoll } from './poll.ts'

const BENCHMARKS: Record<string, (ground: Ground) => Promise<void>> = {
  'file-ticket': fileTicket,
  'empty-poll': emptyPoll,
  'full-poll': fullPoll,
  attachment,
}
/** Benchmarks that build their own ground. */
const OWN_GROUND: Record<string, () => Promise<void>> = { outage }
/** Benchmarks of a part alone, with processes of their own. */
const ALONE = ['attachments-intake', 'practice-instance', 'sdk', 'text']

const chosen = process.argv.slice(2).filter(name => name !== COUNT)
const known = [...Object.keys(BENCHMARKS), ...Object.keys(OWN_GROUND), ...ALONE]
const unknown = chosen.filter(name => !known.includes(name))
if (unknown.length) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}`)
  process.exit(2)
}
for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
  if (chosen.length && !chosen.includes(name)) continue
  const ground = await openGround()
  try {
    await benchmark(ground)
  } finally {
    await ground.close()
  }
}
for (const [name, benchmark] of Object.entries(OWN_GROUND)) if (!chosen.length || chosen.includes(name)) await benchmark()
for (const name of ALONE)
  if (!chosen.length || chosen.includes(name)) spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' })
