import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { writes } from '../connection/call.ts'
import { type Action, catalogue, connect, perform, serviceNow } from '../index.ts'

const rows: readonly Action[] = catalogue as unknown as readonly Action[]

test('every name is there once, and is a family and a verb', () => {
  const names = rows.map(row => row.name)
  expect(
    names.filter((name, at) => names.indexOf(name) !== at),
    'there twice',
  ).toEqual([])
  expect(
    names.filter(name => !/^[a-z]+[A-Za-z]*\.[a-z]+[A-Za-z]*$/.test(name)),
    'no family and verb',
  ).toEqual([])
})

describe.each(rows.map(row => [row.name, row] as const))('%s', (_, row) => {
  test('is complete and documented', () => {
    expect(row.title.length, 'length of its title').toBeGreaterThan(5)
    expect(row.title, 'title: a heading, without a full stop').not.toMatch(/\.$/)
    expect(row.whenToUse, 'whenToUse: a sentence').toMatch(/\.$/)
    expect(row.source, 'source: a section of the contract').toMatch(/servicenow-(?:core|platform|catalog|csm-order) \d/)
    expect(['reads', 'changes', 'deletes'], 'effect').toContain(row.effect)
    if (row.effect === 'reads') expect(row.repeat, 'repeat').toBe('safe')
    else expect(row.repeat, 'repeat').toEqual({ probe: expect.stringMatching(/\.$/) })
    expect(['none', 'key', 'offset'], 'paging').toContain(row.paging)
    if (row.paging !== 'none') expect(Object.keys(row.example.output as object), 'example.output').toContain('rows')
    if (row.paging === 'key')
      expect(row.input.safeParse({ ...(row.example.input as object), query: 'a=1', limit: 9, noCount: true }).success).toBe(true)
  })

  test('says what it needs, and how to see without a change whether it is there', () => {
    expect(row.needs.checks.length, 'needs.checks').toBeGreaterThan(0)
    for (const { call, otherwise } of row.needs.checks) {
      expect(call.method, `needs.checks, ${call.path}: method`).toBe('GET')
      expect(otherwise, `needs.checks, ${call.path}: otherwise, a sentence`).toMatch(/\.$/)
    }
    if (row.effect !== 'reads' && row.needs.roles.length === 0) expect(row.name).toMatch(/^(api|batch)\./)
  })

  test('its example passes both schemas', () => {
    expect(row.input.safeParse(row.example.input).error, 'example.input').toBeUndefined()
    expect(row.output.safeParse(row.example.output).error, 'example.output').toBeUndefined()
  })

  test('every field of its input is described, and an unknown one is refused', () => {
    const schema = z.toJSONSchema(row.input, { unrepresentable: 'any' }) as { properties?: Record<string, { description?: string }> }
    const fields = Object.entries(schema.properties ?? {})
    expect(
      fields.filter(([, { description = '' }]) => !/\S{2}/.test(description)).map(([field]) => `${field} has no .describe('…')`),
    ).toEqual([])
    expect(row.input.safeParse({ ...(row.example.input as object), colour: 'red' }).success).toBe(false)
  })

  test('its method matches its effect', () => {
    const call = row.request(row.input.parse(row.example.input))
    const { method, path } = call
    expect(path).toMatch(/^\/api\/(now|sn_chg_rest)\//)
    if (row.effect === 'reads') expect(writes(call)).toBe(false)
    // One that looks first begins with a GET; any request may be whatever it is asked to be.
    else if (!/^(api|batch)\./.test(row.name))
      expect({ changes: ['GET', 'POST', 'PATCH'], deletes: ['GET', 'DELETE'] }[row.effect]).toContain(method)
  })

  test('there is a method for it, which sends what the row describes', async () => {
    const sent: Request[] = []
    const fetch = async (request: Request) => {
      sent.push(request)
      return Response.json({ error: { message: 'stop', detail: null } }, { status: 400 })
    }
    const connection = connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch })
    const [family, verb] = row.name.split('.') as [string, string]
    const method = (serviceNow(connection) as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[family]?.[
      verb
    ]
    await expect(method?.(row.example.input)).rejects.toMatchObject({ kind: 'invalid', action: row.name, status: 400 })
    await expect(perform(connection, row, row.example.input)).rejects.toMatchObject({ action: row.name })
    const call = row.request(row.input.parse(row.example.input))
    expect(sent).toHaveLength(2)
    const [first, second] = sent
    expect(first?.method).toBe(call.method)
    expect(new URL(first?.url ?? '').pathname).toBe(call.path)
    expect(second?.url).toBe(first?.url)
  })
})
