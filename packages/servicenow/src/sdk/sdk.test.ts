import { expect, expectTypeOf, test } from 'vitest'
import { connect, type DisplayValue, type Row, type RowList, type ShownRow, serviceNow, type WrittenRow } from '../index.ts'

/** Answers with whatever a test puts here. */
let result: unknown
const fetch = async () => Response.json({ result }, { headers: { 'x-total-count': '7' } })
const sdk = serviceNow(connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' }, fetch }))
const sysId = '9d385017c611228701d22104cc95c371'

test('the types follow displayValue', async () => {
  result = { number: 'INC1', caller_id: 'x' }
  expectTypeOf(await sdk.incident.get({ sysId })).toEqualTypeOf<Row>()
  expectTypeOf(await sdk.table.get({ table: 'incident', sysId, displayValue: 'false' })).toEqualTypeOf<Row>()
  expectTypeOf(sdk.incident.get<'all'>).returns.resolves.toEqualTypeOf<ShownRow>()
  expectTypeOf(sdk.change.create<'all'>).returns.resolves.toEqualTypeOf<WrittenRow<ShownRow>>()
  expectTypeOf(sdk.incident.get<DisplayValue>).returns.resolves.toEqualTypeOf<Row | ShownRow>()
  result = []
  const all = await sdk.table.list({ table: 'incident', displayValue: 'all' })
  expectTypeOf(all).toEqualTypeOf<RowList<ShownRow>>()
  expectTypeOf(await sdk.requestTask.list({})).toEqualTypeOf<RowList<Row>>()
  expectTypeOf(sdk.incident.list.all({ displayValue: 'all' })).toEqualTypeOf<AsyncGenerator<ShownRow>>()
  expectTypeOf(sdk.user.getByUserName).parameter(0).toHaveProperty('userName').toBeString()
  expectTypeOf(sdk.incident.resolve).parameter(0).toHaveProperty('closeNotes').toBeString()
  expectTypeOf<Awaited<ReturnType<typeof sdk.attachment.download>>>().toEqualTypeOf<{
    name: string
    contentType: string
    size: number
    body: ReadableStream<Uint8Array>
  }>()
  expectTypeOf(sdk.user.current).toBeCallableWith()
  // @ts-expect-error a field that the row does not have
  void (() => sdk.incident.get({ sysId, fieldz: [] }))
  // @ts-expect-error a family that the catalogue does not have
  void sdk.problems
})

test('stored values: a reference that came as an object, a number and null become text', async () => {
  result = { caller_id: { link: 'https://x', value: 'abc' }, count: 3, note: null, active: true, state: '1' }
  expect(await sdk.incident.get({ sysId })).toEqual({ caller_id: 'abc', count: '3', note: '', active: 'true', state: '1' })
})

test('shown values: what a person sees, or both', async () => {
  result = { caller_id: { link: 'https://x', display_value: 'Abel' }, state: 'New' }
  expect(await sdk.incident.get({ sysId, displayValue: 'true' })).toEqual({ caller_id: 'Abel', state: 'New' })
  result = { caller_id: { link: 'https://x', display_value: 'Abel', value: 'abc' }, parent: { display_value: null, value: '' }, odd: 'x' }
  expect(await sdk.incident.get({ sysId, displayValue: 'all' })).toEqual({
    caller_id: { display_value: 'Abel', value: 'abc' },
    parent: { display_value: '', value: '' },
    odd: { display_value: 'x', value: 'x' },
  })
})

test('a record that is no object, and a list that is none, are broken answers', async () => {
  result = ['x']
  await expect(sdk.incident.get({ sysId })).rejects.toMatchObject({ kind: 'broken-answer', written: 'no' })
  await expect(sdk.incident.create({ values: { a: 'b' } })).rejects.toMatchObject({ kind: 'broken-answer', written: 'unknown' })
  result = { sys_id: 'x' }
  await expect(sdk.incident.list({})).rejects.toMatchObject({ kind: 'broken-answer' })
})

test('a list tells how many match, hidden ones included', async () => {
  result = [{ number: 'INC1' }]
  expect(await sdk.incident.list({ query: 'active=true' })).toEqual({ rows: [{ number: 'INC1' }], total: 7 })
})

test('by number: exactly one, and the one that was asked for', async () => {
  result = [{ number: 'INC0000001' }]
  expect(await sdk.incident.getByNumber({ number: 'inc0000001' })).toEqual({ number: 'INC0000001' })
  result = [{ number: 'INC0000002' }]
  await expect(sdk.incident.getByNumber({ number: 'INC0000001' })).rejects.toMatchObject({ kind: 'broken-answer' })
  result = [{ number: 'INC0000001' }, { number: 'INC0000001' }]
  await expect(sdk.incident.getByNumber({ number: 'INC0000001' })).rejects.toMatchObject({ kind: 'broken-answer' })
  result = []
  await expect(sdk.incident.getByNumber({ number: 'INC0000001' })).rejects.toMatchObject({ kind: 'unreadable' })
  await expect(sdk.incident.getByNumber({ number: 'INC1^NQactive=true' })).rejects.toMatchObject({ kind: 'invalid', written: 'no' })
})
