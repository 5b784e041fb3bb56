import { afterAll, describe, expect, test } from 'vitest'
import { ask, basic } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'

/** What a Content-Type says of a body's letters, at each door that reads text. */

const system = await startSystem()
afterAll(() => system.end())
const { connectBaseUrl, tokenUrl, exchange, customer, portalUsers, instances } = system.firstSteps
const token = await system.partner('customer').token()
const operator = basic(portalUsers.operator.email, portalUsers.operator.password)
const desk = basic(instances.sandbox.username!, instances.sandbox.password!)

/** One call a door that reads a body, with nothing in it but ASCII. */
const DOORS: Readonly<Record<string, (parameter: string, text?: string) => ReturnType<typeof ask>>> = {
  'a ticket': (parameter, text = 'Coffee machine') =>
    ask(`${connectBaseUrl}/Ticket`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': `application/json${parameter}` },
      body: JSON.stringify({
        ticket_type: 'Incident',
        customer_reference_number: `C-${Math.trunc(performance.now() * 1_000)}`,
        short_description: text,
        service: customer.service,
      }),
    }),
  'a token': (parameter, text = customer.clientSecret) =>
    ask(`${tokenUrl}?grant_type=client_credentials`, {
      method: 'POST',
      headers: { 'content-type': `application/x-www-form-urlencoded${parameter}` },
      body: new URLSearchParams({ client_id: customer.clientId, client_secret: text }).toString(),
    }),
  'a file of mappings': parameter =>
    ask(`${exchange}/operator/organisations/import.csv`, {
      method: 'POST',
      headers: { authorization: operator, 'content-type': `text/csv${parameter}` },
      body: 'organisation,environment,table,sys_id\r\n',
    }),
  'a record of the practice instance': (parameter, text = 'Coffee machine') =>
    ask(`${instances.sandbox.url}/api/now/table/incident`, {
      method: 'POST',
      headers: { authorization: desk, 'content-type': `application/json${parameter}` },
      body: JSON.stringify({ short_description: text }),
    }),
}

const SPELLINGS = [
  ...['; charset=utf8', ';charset=UTF8', '; charset="utf-8"', ";charset='UTF-8'", ';charset=UTF-8;', '; charset = utf-8', '; profile=x'],
  ...['; charset=us-ascii', '; charset=ASCII', '; charset=ANSI_X3.4-1968', '; charset=csUTF8', '; charset=iso-ir-6', '; charset=', ';'],
]

/** What each door says of other letters. A form that holds nothing but ASCII is the same in both of these. */
const OTHERS: Readonly<Record<string, Readonly<Record<keyof typeof DOORS, number>>>> = {
  'ISO-8859-1': { 'a ticket': 415, 'a token': 200, 'a file of mappings': 415, 'a record of the practice instance': 201 },
  'no-such-charset': { 'a ticket': 415, 'a token': 200, 'a file of mappings': 415, 'a record of the practice instance': 415 },
}

describe.each(Object.keys(DOORS))('%s', door => {
  const send = DOORS[door]!

  test('is read under every name of UTF-8 and US-ASCII', async () => {
    const known = (await send('')).status
    expect(known).toBeLessThan(400)
    for (const parameter of SPELLINGS) expect((await send(parameter)).status, parameter).toBe(known)
  })

  test.each(Object.entries(OTHERS))('in %s is read rightly, or refused with its name', async (charset, statuses) => {
    const { status, body } = await send(`; charset=${charset}`)
    expect(status).toBe(statuses[door])
    if (status === 415) expect(JSON.stringify(body)).toContain(charset)
  })
})

test('what is said to be US-ASCII and is UTF-8 keeps its letters', async () => {
  const filed = await DOORS['a ticket']!('; charset=us-ascii', 'Büro – 2nd floor')
  expect((await system.desk().record(filed.body.kpn_ticket_number)).fields.short_description).toBe('Büro – 2nd floor')
  const made = await DOORS['a record of the practice instance']!('; charset=us-ascii', 'Büro – 2nd floor')
  expect(made.body.result.short_description).toBe('Büro – 2nd floor')
})

test('a token form in ISO-8859-1, as some stock clients call every form, is read as long as it makes no difference', async () => {
  expect((await DOORS['a token']!('; charset=ISO-8859-1')).status).toBe(200)
  expect(await DOORS['a token']!('; charset=ISO-8859-1', 'geheim-ü')).toMatchObject({
    status: 415,
    body: { error: 'invalid_request', error_description: 'The body must be in UTF-8, not ISO-8859-1.' },
  })
})
