import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request of the exchange on its way to the instance. */
export interface OnItsWay {
  method: string
  url: string
  body: Buffer
}

/** What becomes of one request. Without any of these it passes, and so does its answer. */
export interface Treatment {
  /** It is passed on so much later, also when nobody waits for the answer any more. */
  lateMs?: number
  /** It is passed on when this has come to be. */
  after?: Promise<unknown>
  /** The instance answers it at once, and whoever sent it hears that when this has come to be. */
  heardAfter?: Promise<unknown>
  /** The instance never gets it. */
  lost?: true
  /** Whoever sent it hears nothing, or the connection breaks. */
  answer?: 'never comes' | 'breaks off'
  /** It is answered so, and the instance never gets it. */
  refused?: { status: number; body: string; headers?: Record<string, string> }
}

interface Expected {
  like: (request: OnItsWay) => boolean
  treatment: Treatment
  over: () => void
  always?: true
}

/** Stands between an exchange and its instance, as a proxy in a network does, and treats single requests otherwise. */
export class InstanceGateway {
  readonly url: string
  /** Every request so far: method and address. */
  readonly passed: string[] = []
  /** What becomes of the text of every answer. */
  rewrites = (text: string): string => text
  readonly #to: string
  readonly #close: () => void
  #expected: Expected[] = []

  private constructor(to: string, port: number, close: () => void) {
    this.#to = to
    this.url = `http://127.0.0.1:${port}`
    this.#close = close
  }

  static async before(instanceUrl: string): Promise<InstanceGateway> {
    const server = createServer((incoming, outgoing) => {
      gateway.#take(incoming, outgoing).catch(() => outgoing.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const gateway = new InstanceGateway(instanceUrl, (server.address() as AddressInfo).port, () => {
      server.close()
      server.closeAllConnections()
    })
    return gateway
  }

  /** The next request like this is treated so; several expectations are met in their order. Settles when that is over at the instance. */
  next(like: (request: OnItsWay) => boolean, treatment: Treatment): Promise<void> {
    const { promise, resolve: over } = Promise.withResolvers<void>()
    this.#expected.push({ like, treatment, over })
    return promise
  }

  /** Each request like this is treated so from now on. */
  every(like: (request: OnItsWay) => boolean, treatment: Treatment): void {
    this.#expected.push({ like, treatment, over: () => {}, always: true })
  }

  close(): void {
    this.#close()
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming
    this.passed.push(`${method} ${decodeURIComponent(url)}`)
    const body = await buffer(incoming)
    const met = this.#expected.find(({ like }) => like({ method, url, body }))
    if (!met?.always) this.#expected = this.#expected.filter(each => each !== met)
    const { lateMs, after, heardAfter, lost, answer, refused } = met?.treatment ?? {}
    if (lateMs) await new Promise(done => setTimeout(done, lateMs))
    await after
    if (refused) {
      met?.over()
      outgoing.writeHead(refused.status, { 'content-type': 'application/json', ...refused.headers }).end(refused.body)
      return
    }
    const passed = lost ? undefined : await passOn(`${this.#to}${url}`, method, headers, body)
    await heardAfter
    met?.over()
    if (answer === 'never comes') return
    if (answer === 'breaks off' || !passed) {
      outgoing.destroy()
      return
    }
    const rewritten = this.rewrites(passed.body.toString('latin1'))
    const { 'content-length': length, ...answerHeaders } = passed.headers
    outgoing.writeHead(passed.status, { ...answerHeaders, ...(length === undefined ? {} : { 'content-length': rewritten.length }) })
    outgoing.end(rewritten, 'latin1')
  }
}

async function passOn(url: string, method: string, headers: IncomingMessage['headers'], body: Buffer) {
  const onward = request(url, { method, headers })
  onward.end(body)
  const [answer] = (await once(onward, 'response')) as [IncomingMessage]
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) }
}
