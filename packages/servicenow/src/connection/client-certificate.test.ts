import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConnectionOptions, connect } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { madeCertificate, type Pem, tlsServer } from '../proof/tls-server.ts'

let authority: Pem
let client: Pem
let server: Awaited<ReturnType<typeof tlsServer>>

beforeAll(async () => {
  authority = await madeCertificate('Demo Authority')
  client = await madeCertificate('deskbridge client', authority)
  server = await tlsServer(await madeCertificate('127.0.0.1', authority), {
    requestCert: true,
    rejectUnauthorized: true,
    ca: authority.certificate,
  })
})
afterAll(() => server.close())

const ask = (options: Partial<ConnectionOptions>) =>
  connect({ baseUrl: server.url, signIn: { kind: 'certificate' }, timeoutMs: 5000, ...options }).request(
    { method: 'GET', path: '/api/now/x' },
    { retry: false },
  )

test('a server that demands a client certificate sees ours, and no other credential', async () => {
  const { result } = await ask({ tls: { ...client, ca: authority.certificate } })
  expect(result).toEqual({ seen: 'deskbridge client', authorization: '' })
})

test('a client certificate goes together with any way of signing in', async () => {
  const signIn = { kind: 'basic', userName: 'u', password: 'p' } as const
  const { result } = await ask({ signIn, tls: { ...client, ca: authority.certificate } })
  expect(result).toEqual({ seen: 'deskbridge client', authorization: 'Basic dTpw' })
})

test('without the certificate, or with one of another authority, it fails', async () => {
  const stranger = await madeCertificate('stranger', await madeCertificate('Other Authority'))
  for (const tls of [{ ca: authority.certificate }, { ...stranger, ca: authority.certificate }])
    expect(await failureOf(ask({ tls }))).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringMatching(/alert|ECONNRESET|EPIPE|SOCKET/i),
    })
})

test('an authority that is not named is not trusted', async () => {
  expect(await failureOf(ask({ tls: client }))).toMatchObject({ kind: 'unreachable', written: 'no' })
})

test('a certificate and a key that do not belong together are told before anything is sent', () => {
  const wrong = () => connect({ baseUrl: server.url, signIn: { kind: 'certificate' }, tls: { ...client, key: authority.key } })
  expect(wrong).toThrow(/tls: the certificate, its key or the authority cannot be used/)
})
