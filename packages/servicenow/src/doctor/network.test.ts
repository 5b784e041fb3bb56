import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ConnectionOptions, type Examination, examine } from '../index.ts'
import { type RecordingServer, recordingServer, refuse } from '../proof/recording-server.ts'
import { madeCertificate, type Pem, tlsServer } from '../proof/tls-server.ts'

const signIn = { kind: 'basic', userName: 'u', password: 'p' } as const
const look = (baseUrl: string, more: Partial<ConnectionOptions> = {}, withinMs = 5000) =>
  examine({ baseUrl, signIn, ...more }, { withinMs })
const finding = ({ checks }: Examination, name: string) => checks.find(({ check }) => check === name)

describe('names and ports', () => {
  test('a host that nobody knows', async () => {
    const health = await look('https://nowhere.invalid')
    expect(health.ok).toBe(false)
    expect(finding(health, 'name resolution')).toMatchObject({ state: 'not ok', change: expect.stringContaining('spelling') })
    expect(finding(health, 'encryption')).toMatchObject({ state: 'could not tell', says: 'see name resolution' })
  })

  test('a port on which nothing listens', async () => {
    const server = await recordingServer()
    await server.close()
    expect(finding(await look(server.url), 'awake')).toMatchObject({ state: 'not ok', change: expect.stringContaining('Nothing listens') })
    const secure = server.url.replace('http:', 'https:')
    expect(finding(await look(secure), 'encryption')).toMatchObject({ state: 'not ok', change: expect.stringContaining('Nothing listens') })
  })

  test('plain HTTP to another machine', async () => {
    expect(finding(await look('http://192.0.2.1', {}, 300), 'encryption')).toMatchObject({
      state: 'not ok',
      says: 'plain HTTP: everybody on the way can read the credentials',
    })
  })
})

describe('certificates', () => {
  const servers: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })
  const serve = async (...args: Parameters<typeof tlsServer>) => {
    const server = await tlsServer(...args)
    servers.push(server)
    return server.url
  }
  let authority: Pem
  beforeAll(async () => {
    authority = await madeCertificate('Demo Authority')
  })

  test('one that nobody trusts, until its authority is given', async () => {
    const url = await serve(await madeCertificate('127.0.0.1', authority))
    expect(finding(await look(url), 'encryption')).toMatchObject({
      state: 'not ok',
      change: expect.stringContaining('is not trusted here'),
    })
    const trusted = finding(await look(url, { tls: { ca: authority.certificate } }), 'encryption')
    expect(trusted).toMatchObject({ state: 'ok', says: expect.stringMatching(/^TLSv1\.\d, the certificate is valid until 20/) })
  })

  test('one that has expired, or ends soon', async () => {
    const expired = await serve(await madeCertificate('127.0.0.1', authority, { days: [-9, -1] }))
    const tls = { ca: authority.certificate }
    expect(finding(await look(expired, { tls }), 'encryption')).toMatchObject({
      state: 'not ok',
      change: expect.stringContaining('expired'),
    })
    const soon = await serve(await madeCertificate('127.0.0.1', authority, { days: [-9, 3] }))
    expect(finding(await look(soon, { tls }), 'encryption')).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(/only \d days more/),
    })
  })

  test('one for another name', async () => {
    const url = await serve(await madeCertificate('127.0.0.2', authority, { host: '127.0.0.2' }))
    const other = finding(await look(url, { tls: { ca: authority.certificate } }), 'encryption')
    expect(other).toMatchObject({ state: 'not ok', change: expect.stringContaining('for another name') })
  })

  test('a client certificate that is asked for and not given', async () => {
    const url = await serve(await madeCertificate('127.0.0.1', authority), {
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.certificate,
    })
    const health = await look(url, { tls: { ca: authority.certificate } })
    expect(health.ok).toBe(false)
    expect(finding(health, 'awake')).toMatchObject({ state: 'not ok', change: expect.stringContaining('client certificate') })
  })

  test('no TLS at all', async () => {
    const server = await recordingServer()
    servers.push(server)
    const plain = finding(await look(server.url.replace('http:', 'https:')), 'encryption')
    expect(plain).toMatchObject({ state: 'not ok', change: expect.stringContaining('There is no TLS on this port') })
  })
})

describe('what answers there', () => {
  let server: RecordingServer
  beforeAll(async () => {
    server = await recordingServer()
  })
  afterAll(() => server.close())

  test('nothing, within the time', async () => {
    server.behave(() => {})
    const health = await look(server.url, {}, 300)
    expect(health.ok).toBe(false)
    expect(finding(health, 'awake')).toMatchObject({ state: 'not ok', says: 'no answer in time' })
  })

  test('a page that sends elsewhere, or an error', async () => {
    server.behave(response => response.writeHead(302, { location: 'https://sso.example/login' }).end())
    expect(finding(await look(server.url), 'awake')).toMatchObject({
      state: 'not ok',
      says: 'it sends elsewhere: https://sso.example/login',
    })
    server.behave(response => refuse(response, 503, 'Maintenance'))
    expect(finding(await look(server.url), 'awake')).toMatchObject({ state: 'not ok', says: 'it answers with status 503' })
  })

  test('an instance whose clock is wrong', async () => {
    const clock = async (seconds: number) => {
      const date = new Date(Date.now() + seconds * 1000).toUTCString()
      server.behave(response => refuse(response, 401, 'User Not Authenticated', null, { date }))
      return finding(await look(server.url), 'clock')
    }
    expect(await clock(0)).toMatchObject({ state: 'ok' })
    expect(await clock(3600)).toMatchObject({
      state: 'not ok',
      says: expect.stringMatching(/^the instance’s clock is 3\d{3} s ahead of ours$/),
    })
    expect(await clock(-600)).toMatchObject({ state: 'not ok', says: expect.stringContaining('behind') })
  })

  test('a user who may call no REST API', async () => {
    server.behave((response, { headers }) =>
      headers.authorization === `Basic ${btoa('u:p')}`
        ? refuse(response, 403, 'User Not Authorized', 'Failed API level ACL Validation')
        : refuse(response, 401, 'User Not Authenticated'),
    )
    const health = await look(server.url)
    expect(finding(health, 'sign-in')).toMatchObject({ state: 'ok' })
    expect(finding(health, 'REST access')).toMatchObject({
      state: 'not ok',
      change: expect.stringContaining('snc_platform_rest_api_access'),
    })
    expect(health.ok).toBe(false)
  })
})

test('an address that is none is refused before anything is asked', async () => {
  await expect(look('https://')).rejects.toThrow('baseUrl: it is not a URL')
})
