import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { imfDate } from './headers.ts'

/** Measured on an instance: 8182 worked, 8347 failed (contract servicenow-core.md 2.1). */
const LONGEST_URL = 8192

/** What Node reads of a request before its body; its own 16 KB would end the connection of an address that is merely too long. */
export const LONGEST_HEAD = 128 * 1024

/** How long somebody may take to read that the address is too long, while still sending it. */
const READING_MS = 2_000

const TEXT = 'Request-URI Too Long'
const TYPE = 'text/plain'

/** The answer to an address of more than 8,192 characters; undefined for any other. */
export function tooLongAddress(address: string): Response | undefined {
  return address.length > LONGEST_URL ? new Response(TEXT, { status: 414, headers: { 'Content-Type': TYPE } }) : undefined
}

/**
 * Answers what Node gives up on before there is a request. What is still on its way is read and thrown away: a connection
 * that is closed over unread bytes is reset, and its answer is lost.
 */
export function answerBrokenHeads(server: Server, now: () => number): void {
  const answered = new WeakSet<Socket>()
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (answered.has(socket)) return
    answered.add(socket)
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy()
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 414 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
    const body = status === 414 ? TEXT : ''
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nDate: ${imfDate(now())}\r\nContent-Type: ${TYPE}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
    setTimeout(() => socket.destroy(), READING_MS).unref()
  })
}
