import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { compare, report } from './compare.ts'
import type { Ground } from './ground.ts'

const BYTES = 80 * 1024 * 1024
const MOST_MB = 64
const LOOK_EVERY_MS = 5

/** POST /Ticket with an attachment of 80 MiB. The bare peer decodes the same body and stores the same bytes; it checks and spools nothing. */
export async function attachment(ground: Ground): Promise<void> {
  let uploads = 0
  const upload = async (url: string) => {
    const file = join(ground.folder, 'body.json')
    await writeBody(file, `BENCH-FILE-${++uploads}`, ground.service)
    return ground.load({
      kind: 'upload',
      url,
      headers: { authorization: ground.authorization, 'content-type': 'application/json' },
      file,
    })
  }
  const memory = watchMemory(ground.pids.ours)
  await compare({
    pids: ground.pids,
    title: 'POST /Ticket, an attachment of 80 MiB',
    rounds: 5,
    ours: () => upload(`${ground.ours}/Ticket`),
    bare: () => upload(`${ground.bare}/Attachment`),
    aim: { times: 2 },
  })
  const peak = memory.peak()
  report(
    `memory of the exchange above idle (${memory.idle.toFixed(0)} MB), in MB,`,
    peak - memory.idle,
    `<= ${MOST_MB}`,
    peak - memory.idle <= MOST_MB,
  )
}

/** The resident memory of a process (RSS; PostgreSQL is another one), from now on. */
function watchMemory(pid: number) {
  const now = () => (Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1_024) / 1e6
  const idle = now()
  let peak = idle
  const timer = setInterval(() => {
    peak = Math.max(peak, now())
  }, LOOK_EVERY_MS)
  return {
    idle,
    peak() {
      clearInterval(timer)
      return peak
    },
  }
}

async function writeBody(path: string, reference: string, service: string): Promise<void> {
  const piece = Buffer.alloc(300_000)
  for (let at = 0; at < piece.length; at++) piece[at] = (at * 2_654_435_761) >>> 13
  const ticket = { ticket_type: 'Incident', customer_reference_number: reference, short_description: 'A large file', service }
  const [head, tail] = JSON.stringify({
    ...ticket,
    attachments: [{ name: 'a.bin', content_type: 'application/octet-stream', content: '|' }],
  }).split('|')
  const handle = await open(path, 'w')
  await handle.write(head!)
  for (let left = BYTES; left > 0; left -= piece.length) await handle.write(piece.subarray(0, left).toString('base64'))
  await handle.write(tail!)
  await handle.close()
}
