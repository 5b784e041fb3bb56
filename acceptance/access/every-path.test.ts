import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, basic } from '../system/answer.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { type RawAnswer, Wire } from '../system/wire.ts'

/** Every operation that the exchange describes, with parts of a path and a query that nobody means well. */

let system: StartedSystem
let operations: Operation[]
let wire: Wire

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  schema: object
}

interface Operation {
  method: string
  path: string
  authorization: string
  parameters: Parameter[]
  takesBody: boolean
}

beforeAll(async () => {
  system = await startSystem()
  const { exchange, portalUsers } = system.firstSteps
  const token = await system.partner('customer').token()
  const authorizations = { partner: `Bearer ${token}`, person: basic(portalUsers.operator.email, portalUsers.operator.password) }
  const { body: document } = await ask(`${exchange}/openapi.json`, { method: 'GET' })
  operations = Object.entries(document.paths as Record<string, Record<string, never>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters, security, requestBody } = operation as { parameters: Parameter[]; security: object[]; requestBody?: object }
      const who = Object.keys(security[0] ?? {})[0] as keyof typeof authorizations | undefined
      const authorization = who ? authorizations[who] : 'none'
      return { method: method.toUpperCase(), path, authorization, parameters, takesBody: requestBody !== undefined }
    }),
  )
  wire = await Wire.open(exchange)
})
afterAll(async () => {
  wire?.socket.destroy()
  await system?.end()
})

async function send({ method, authorization, takesBody }: Operation, target: string): Promise<RawAnswer> {
  if (wire.socket.closed) wire = await Wire.open(system.firstSteps.exchange)
  const type = { 'content-type': 'application/json' }
  return wire.ask(method, target, { authorization, ...(takesBody ? type : {}) }, takesBody ? '{}' : '')
}

const DOTS = ['..', '%2e%2e', '.%2E', '..%2f..', '%2e', '..;x', 'a%5c..']
const NOT_TEXT = ['%ff', '%ED%A0%80', '%', '%zz']
const ODD = ['%00', 'a%00b', 'a%2Fb', 'a%5Cb', '%25', '%2500', ';', '%0d%0a', '%F0%9F%98%80', '%E2%80%AE', 'a'.repeat(3_000)]

const filled = (path: string, hostile: string, at: string) =>
  path.replace(/\{(\w+)\}/g, (_, name) => (name === at ? hostile : 'Demo%20Customer%20North'))

describe('a path', () => {
  test('with a hostile part is refused in words, whatever the operation: never a failure, never another operation’s answer', async () => {
    let asked = 0
    for (const operation of operations)
      for (const { name } of operation.parameters.filter(one => one.in === 'path'))
        for (const part of [...DOTS, ...NOT_TEXT, ...ODD]) {
          const target = `${filled(operation.path, part, name)}?environment=sandbox`
          const { status, body } = await send(operation, target)
          const plain = DOTS.includes(part) || NOT_TEXT.includes(part)
          const slash = /%2f|%5c/i.test(part) && !(/\/(organisations|partners)\//.test(operation.path) && name === 'name')
          expect(plain || slash ? [400] : [400, 404], `${operation.method} ${target}: ${status} ${body}`).toContain(status)
          const { code, message } = JSON.parse(body).error
          expect(message).toMatch(/^\S.*\.$/s)
          if (plain) expect(code).toBe('invalid_path')
          asked += 1
        }
    expect(asked).toBeGreaterThan(200)
  })

  test('each parameter of it has a schema that the document shows', () => {
    const parameters = operations.flatMap(operation => operation.parameters.filter(one => one.in === 'path'))
    expect(parameters.length).toBeGreaterThan(10)
    for (const { schema } of parameters) expect(schema).toMatchObject({ type: 'string', minLength: 1, maxLength: expect.any(Number) })
  })

  test('that leads elsewhere once it is tidied up is refused, before anything is asked', async () => {
    const operator = operations.find(({ path }) => path === '/operator/connections')!
    for (const target of [
      '/network/kpn/servicenow/%2e%2e/%2e%2e/%2e%2e/operator/connections',
      '/network/../operator/connections',
      '/x/..%2foperator/connections',
      '/./operator/connections',
      'http://localhost/network/%2e%2E/operator/connections',
      '/operator/connections/.',
      '/operator/connections/..?x=/../',
    ])
      expect(await send(operator, target), target).toMatchObject({ status: 400, body: expect.stringContaining('has a dot segment') })
    for (const target of ['/operator%2Fconnections', '/operator%5cconnections'])
      expect(await send(operator, target), target).toMatchObject({ status: 400, body: expect.stringContaining('an encoded slash') })
    for (const target of ['/oper%61tor/connections', '/operator/connec%74ions', '//operator/connections', '/operator/connections;x'])
      expect((await send(operator, target)).status, target).toBe(404)
    expect((await send(operator, '/operator/connections?next=/../x%2F..')).status).toBe(200)
  })

  test('names an organisation with a slash in its name where its parameter takes one', async () => {
    const put = operations.find(({ path, method }) => path.endsWith('/variables/{variable}') && method === 'PUT')!
    expect(await send(put, filled(put.path, 'Pretend%20A%2FS', 'name').replace(/[^/]*$/, 'colour'))).toMatchObject({
      status: 400,
      body: expect.stringContaining('environment'),
    })
    const body = JSON.stringify({ environment: 'sandbox', value: 'blue' })
    const headers = { authorization: put.authorization, 'content-type': 'application/json' }
    const answer = await wire.ask('PUT', '/operator/organisations/Pretend%20A%2FS/variables/colour', headers, body)
    expect(answer).toMatchObject({ status: 404, body: expect.stringContaining('Pretend A/S') })
  })
})

describe('a query', () => {
  test('with a hostile value is refused or ignored, whatever the operation', async () => {
    for (const operation of operations)
      for (const { name } of operation.parameters.filter(one => one.in === 'query'))
        for (const value of ['%00', 'a%00b', '%ff', '%ED%A0%80', '%F0%9F%98%80', 'a'.repeat(3_000)]) {
          const target = `${filled(operation.path, '', '')}?${name === 'environment' ? '' : 'environment=sandbox&'}${name}=${value}`
          const { status, body } = await send(operation, target)
          expect(status, `${operation.method} ${target}: ${body}`).toBeLessThan(500)
        }
  })

  test('with a time whose + became a blank is told so', async () => {
    const poll = operations.find(({ path }) => path.endsWith('/TicketUpdates'))!
    for (const zone of ['+01:00', '%2001:00']) {
      const { status, body } = await send(poll, `${poll.path}?since=2026-01-31T10:00:00${zone}`)
      expect(status).toBe(400)
      expect(JSON.parse(body).error.message).toContain('the character + must be written %2B, as in 2026-01-31T10:00:00%2B01:00')
    }
    expect((await send(poll, `${poll.path}?since=2026-01-31T10:00:00%2B01:00`)).status).toBe(200)
    expect(JSON.parse((await send(poll, `${poll.path}?since=yesterday`)).body).error.message).toContain('must be a moment such as')
  })
})
