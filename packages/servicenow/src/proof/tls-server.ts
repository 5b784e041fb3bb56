import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { generate } from 'selfsigned'

export interface Pem {
  certificate: string
  key: string
}

const DAY_MS = 86_400_000

/** An authority, or a certificate that one has signed. Made for the test, in memory. */
export async function madeCertificate(commonName: string, by?: Pem, { days = [-1, 30], host = '127.0.0.1' } = {}): Promise<Pem> {
  const [from = 0, until = 0] = days
  const authority = by ? { ca: { key: by.key, cert: by.certificate } } : {}
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + from * DAY_MS),
    notAfterDate: new Date(Date.now() + until * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: !by, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: host }] },
    ],
    ...authority,
  })
  return { certificate: cert, key }
}

/** A server that speaks TLS, and answers with whom it sees. */
export async function tlsServer(own: Pem, options: ServerOptions = {}): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer({ cert: own.certificate, key: own.key, ...options }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ result: { seen: subject?.CN ?? '', authorization: request.headers.authorization ?? '' } }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
