/** The load, in a process of its own: plain sockets and prepared bytes, so that it takes little from the servers' processors. */
import { createReadStream, statSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { pipeline } from 'node:stream/promises'

export type Load = Requests | Upload

/** The same request again and again, on each of so many connections, for some seconds or so many times in all. */
export interface Requests {
  kind: 'requests'
  /** Of several addresses of one server each request takes the next. */
  url: string | string[]
  method: 'GET' | 'POST' | 'PATCH'
  headers: Record<string, string>
  /** `NUMBER_____` stands for a number that no other request has. */
  body?: string
  connections: number
  seconds?: number
  times?: number
  /** Answers with a shorter body are counted in `short`. */
  atLeastBytes?: number
}

/** One file as the body of one POST. */
export interface Upload {
  kind: 'upload'
  url: string
  headers: Record<string, string>
  file: string
}

export interface LoadResult {
  requests: number
  perSecond: number
  /** Milliseconds of one answer. */
  median: number
  p99: number
  short: number
}

export const NUMBER = 'NUMBER_____'
const HEAD_END = Buffer.from('\r\n\r\n')
let number = Math.floor(Date.now() / 1_000) * 1_000_000

process.on('message', (load: Load) => {
  ;(load.kind === 'upload' ? upload(load) : requests(load)).then(
    result => process.send!(result),
    error => process.send!({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())

async function requests(load: Requests): Promise<LoadResult> {
  const times: number[] = []
  const short = { count: 0 }
  const started = performance.now()
  const until = load.seconds === undefined ? Number.POSITIVE_INFINITY : started + load.seconds * 1_000
  let left = load.times ?? Number.POSITIVE_INFINITY
  const goesOn = () => left-- > 0 && performance.now() < until
  await Promise.all(Array.from({ length: load.connections }, () => oneConnection(load, { times, short }, goesOn)))
  return { ...result(times, performance.now() - started), short: short.count }
}

function oneConnection(
  load: Requests,
  { times, short }: { times: number[]; short: { count: number } },
  goesOn: () => boolean,
): Promise<void> {
  const urls = [load.url].flat().map(url => new URL(url))
  const { hostname, port } = urls[0]!
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const body = Buffer.from(load.body ?? '')
  const lines = { host: 'localhost', ...load.headers, ...(load.body ? { 'content-length': String(body.length) } : {}) }
  const rest = Object.entries(lines)
    .map(line => `${line.join(': ')}\r\n`)
    .join('')
  const all = urls.map(({ pathname, search }) => {
    const bytes = Buffer.concat([Buffer.from(`${load.method} ${pathname}${search} HTTP/1.1\r\n${rest}\r\n`), body])
    return { bytes, place: bytes.indexOf(NUMBER) }
  })
  return new Promise((done, failed) => {
    let sentAt = 0
    let received: Buffer[] = []
    let missing = -1
    const next = () => {
      if (!goesOn()) return socket.end(done)
      received = []
      missing = -1
      const { bytes, place } = all[number % all.length]!
      if (place >= 0) bytes.write(String(number).slice(-NUMBER.length), place)
      number++
      sentAt = performance.now()
      socket.write(bytes)
    }
    socket.on('data', (chunk: Buffer) => {
      if (missing < 0) {
        received.push(chunk)
        const whole = received.length === 1 ? chunk : Buffer.concat(received)
        const end = whole.indexOf(HEAD_END)
        if (end < 0) return
        const length = contentLength(whole.toString('latin1', 0, end))
        if (typeof length === 'string') return socket.destroy(new Error(`${length}\n${whole.toString('utf8', end)}`))
        if (length < (load.atLeastBytes ?? 0)) short.count++
        missing = length - (whole.length - end - HEAD_END.length)
      } else missing -= chunk.length
      if (missing > 0) return
      times.push(performance.now() - sentAt)
      next()
    })
    socket.once('error', failed).once('close', () => failed(new Error('the server closed the connection')))
    socket.once('connect', next)
  })
}

/** Or what is wrong. */
function contentLength(head: string): number | string {
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  return head.startsWith('HTTP/1.1 20') && length !== undefined ? Number(length) : head
}

async function upload({ url, headers, file }: Upload): Promise<LoadResult> {
  const started = performance.now()
  const sending = request(url, { method: 'POST', headers: { ...headers, 'content-length': String(statSync(file).size) } })
  const answered = new Promise<void>((done, failed) => {
    sending.once('error', failed).once('response', async response => {
      let text = ''
      for await (const piece of response) text += piece
      response.statusCode === 200 ? done() : failed(new Error(`${response.statusCode} ${text}`))
    })
  })
  await Promise.all([pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), sending), answered])
  return result([performance.now() - started], performance.now() - started)
}

function result(times: number[], ms: number): LoadResult {
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { requests: times.length, perSecond: (times.length * 1_000) / ms, median: at(0.5), p99: at(0.99), short: 0 }
}
