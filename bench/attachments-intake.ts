/**
 * How fast and how small is the intake of attachments? Run: node bench/attachments-intake.ts
 *
 * Three ways do the same job (a JSON body streams from a file, its base64 content becomes a file and a sha256), each in
 * a process of its own, so that one way's garbage is not another one's memory:
 *   intake     what the exchange does, with every check
 *   bare       a streaming decoder that believes everything: the least that this job can cost in Node
 *   whole      concat, JSON.parse, Buffer.from, writeFile: what a web framework does
 */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { readBody } from '../packages/exchange/src/spool/intake/read-body.ts'
import { ampleSpool } from '../packages/exchange/src/spool/intake/testing.ts'

const WAYS = ['intake', 'bare', 'whole'] as const
type Way = (typeof WAYS)[number]
/** The intake of the same file in lines of 76 characters, each line break two escapes of JSON. */
const IN_LINES = 'intake in lines'
const LOADS = [
  { megabytes: 80, atOnce: 1 },
  { megabytes: 10, atOnce: 4 },
]
const ROUNDS = 5
const HEAD = '{"customer_reference_number":"INC-1","attachments":[{"name":"a.bin","content":"'
const TAIL = '","content_type":"application/octet-stream"}]}'
const SMALL = JSON.stringify({
  customer_reference_number: 'INC0012345',
  short_description: 'The printer on the third floor prints nothing',
  description: 'Since this morning; the café next door has the same.\nTried: off and on again.',
  impact: '3',
  urgency: 2,
  contact: { name: 'Jo Smith', email: 'jo@example.com', phone: null },
  tags: ['printer', 'floor-3'],
  vip: false,
}).padEnd(300)

interface Result {
  ms: number
  peakMb: number
  stallMs: number
}

if (process.argv[2] === undefined) await compare()
else await measure(process.argv[2] as Way, process.argv[3]!, Number(process.argv[4]), process.argv[5]!)

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbridge-bench-'))
  try {
    for (const { megabytes, atOnce } of LOADS) {
      const body = join(folder, 'body.json')
      await writeBody(body, megabytes * 1_000_000)
      console.log(`\n${atOnce} x ${megabytes} MB (median of ${ROUNDS}, each in its own process)`)
      const bare = await median('bare', body, atOnce, folder)
      const lines = join(folder, 'lines.json')
      await writeBody(lines, megabytes * 1_000_000, text => text.replace(/.{76}/g, '$&\\r\\n'))
      for (const way of [...WAYS, IN_LINES] as const) {
        const { ms, peakMb, stallMs } = await (way === 'bare'
          ? bare
          : way === IN_LINES
            ? median('intake', lines, atOnce, folder)
            : median(way, body, atOnce, folder))
        const figures = [ms.toFixed(0), (ms / bare.ms).toFixed(2), peakMb.toFixed(0), stallMs.toFixed(1)].map(figure => figure.padStart(7))
        console.log(`${way.padEnd(16)}${figures[0]} ms ${figures[1]} x bare ${figures[2]} MB above idle ${figures[3]} ms longest stall`)
      }
    }
    await compareSmall(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function median(way: Way, body: string, atOnce: number, folder: string): Promise<Result> {
  const results: Result[] = []
  for (let round = 0; round < ROUNDS; round++) results.push(await inOwnProcess(way, body, atOnce, folder))
  const middle = (figure: keyof Result) => results.map(result => result[figure]).sort((a, b) => a - b)[ROUNDS >> 1]!
  return { ms: middle('ms'), peakMb: middle('peakMb'), stallMs: middle('stallMs') }
}

function inOwnProcess(way: Way, body: string, atOnce: number, folder: string): Promise<Result> {
  const child = fork(fileURLToPath(import.meta.url), [way, body, String(atOnce), folder])
  return new Promise((done, fail) => {
    child.once('message', message => done(message as Result))
    child.once('exit', code => code && fail(new Error(`${way} ended with ${code}`)))
  })
}

async function measure(way: Way, body: string, atOnce: number, folder: string): Promise<void> {
  const spool = await ampleSpool(join(folder, 'spool'))
  const job = {
    intake: async () => (await readBody(createReadStream(body), spool)).discard(),
    bare: async (name: string) => bare(body, join(folder, name)),
    whole: async (name: string) => whole(body, join(folder, name)),
  }[way]
  const delay = monitorEventLoopDelay({ resolution: 1 })
  await new Promise(done => setTimeout(done, 100))
  const idle = process.memoryUsage.rss()
  delay.enable()
  const started = performance.now()
  await Promise.all(Array.from({ length: atOnce }, (_, index) => job(`file-${index}`)))
  const ms = performance.now() - started
  await new Promise(done => setTimeout(done, 5))
  process.send!({ ms, peakMb: (process.resourceUsage().maxRSS * 1024 - idle) / 1e6, stallMs: delay.max / 1e6 })
  process.disconnect()
}

async function bare(body: string, path: string): Promise<void> {
  const handle = await open(path, 'w')
  const hash = createHash('sha256')
  let held: Buffer = Buffer.alloc(0)
  let skip = HEAD.length
  for await (const read of createReadStream(body) as AsyncIterable<Buffer>) {
    const chunk = held.length > 0 ? Buffer.concat([held, read]) : read
    const quote = chunk.indexOf(0x22, skip)
    const end = quote < 0 ? chunk.length - ((chunk.length - skip) % 4) : quote
    const bytes = Buffer.from(chunk.toString('latin1', skip, end), 'base64')
    hash.update(bytes)
    await handle.write(bytes)
    if (quote >= 0) break
    held = chunk.subarray(end)
    skip = 0
  }
  hash.digest('hex')
  await handle.close()
  await rm(path)
}

async function whole(body: string, path: string): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(body) as AsyncIterable<Buffer>) chunks.push(chunk)
  const document = JSON.parse(Buffer.concat(chunks).toString()) as { attachments: { content: string }[] }
  const bytes = Buffer.from(document.attachments[0]!.content, 'base64')
  createHash('sha256').update(bytes).digest('hex')
  await writeFile(path, bytes)
  await rm(path)
}

async function writeBody(path: string, size: number, written = (text: string) => text): Promise<void> {
  const piece = Buffer.alloc(300_000)
  for (let at = 0; at < piece.length; at++) piece[at] = (at * 2_654_435_761) >>> 13
  const handle = await open(path, 'w')
  await handle.write(HEAD)
  for (let left = size; left > 0; left -= piece.length) await handle.write(written(piece.subarray(0, left).toString('base64')))
  await handle.write(TAIL)
  await handle.close()
}

async function compareSmall(folder: string): Promise<void> {
  const spool = await ampleSpool(join(folder, 'spool'))
  const bytes = Buffer.from(SMALL)
  async function* body(): AsyncGenerator<Buffer> {
    yield bytes
  }
  const whole = async () => {
    const chunks: Buffer[] = []
    for await (const chunk of body()) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString())
  }
  const perCall = async (job: () => Promise<unknown>) => {
    const COUNT = 20_000
    for (let warm = 0; warm < COUNT; warm++) await job()
    const started = performance.now()
    for (let call = 0; call < COUNT; call++) await job()
    return ((performance.now() - started) * 1000) / COUNT
  }
  const parse = await perCall(whole)
  const ours = await perCall(() => readBody(body(), spool))
  console.log(`\n${bytes.length} bytes without attachments: intake ${ours.toFixed(1)} us, concat + JSON.parse ${parse.toFixed(1)} us`)
}
