import { describe, expect, test } from 'vitest'
import { type Fields, notTaken } from '../index.ts'

const ID = '9d385017c611228701d22104cc95c371'
const OTHER = '1c741bd70b2322007518478d83673af3'

test('what the record has otherwise is named, with what it has instead', () => {
  const asked = { short_description: 'Wi-Fi drops', impact: 1, active: true, caller_id: ID, due_date: '2026-01-31 10:00:00', state: '2' }
  const row = { short_description: '', impact: '3', active: 'false', caller_id: OTHER, due_date: '2026-01-31 11:00:00', state: '2' }
  expect(notTaken(asked, row)).toEqual([
    { field: 'short_description', asked: 'Wi-Fi drops', kept: '' },
    { field: 'impact', asked: '1', kept: '3' },
    { field: 'active', asked: 'true', kept: 'false' },
    { field: 'caller_id', asked: ID, kept: OTHER },
    { field: 'due_date', asked: '2026-01-31 10:00:00', kept: '2026-01-31 11:00:00' },
  ])
})

test('of a value and a display value, the value is compared', () => {
  expect(
    notTaken({ state: '2', impact: '1' }, { state: { value: 2, display_value: 'New' }, impact: { value: '3', display_value: '1' } }),
  ).toEqual([{ field: 'impact', asked: '1', kept: '3' }])
})

describe('no difference in meaning', () => {
  test.each<[string, unknown, unknown]>([
    ['white space at the ends', '  text\n', 'text'],
    ['line ends', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['the case of a sys_id', ID.toUpperCase(), ID],
    ['the case and spaces of sys_ids', `${ID.toUpperCase()}, ${OTHER}`, `${ID},${OTHER}`],
    ['true', true, 'true'],
    ['true as a number', true, '1'],
    ['a number as true', '1', 'true'],
    ['yes', 'yes', 'true'],
    ['another case of true', 'True', true],
    ['false', false, '0'],
    ['an empty boolean', '', 'false'],
    ['a number', 2, '2'],
    ['a decimal', '1.0', '1'],
    ['a longer decimal', '12.50', 12.5],
    ['a time of ISO 8601', '2026-01-31T10:00:00Z', '2026-01-31 10:00:00'],
    ['a time with milliseconds', '2026-01-31T10:00:00.123Z', '2026-01-31 10:00:00'],
    ['a time in another zone', '2026-01-31T11:30:00+01:30', '2026-01-31 10:00:00'],
    ['a time in another zone without a colon', '2026-01-31 08:00:00 -0200', '2026-01-31 10:00:00'],
    ['a time without seconds', '2026-01-31 10:00', '2026-01-31 10:00:00'],
    ['a day', '2026-01-31', '2026-01-31 00:00:00'],
    ['nothing', null, ''],
    ['nothing, the other way', '', null],
    ['a name that was resolved', 'Abel Tuter', ID],
  ])('%s', (_, asked, kept) => expect(notTaken({ field: asked }, { field: kept })).toEqual([]))
})

describe('a difference', () => {
  test.each<[string, unknown, unknown]>([
    ['another case of words', 'Text', 'text'],
    ['white space inside', 'a  b', 'a b'],
    ['zeros in front', '007', '7'],
    ['a plus in front', '+31612345678', '31612345678'],
    ['a decimal that was rounded', '1.005', '1.01'],
    ['a word for a truth, lost', 'false', ''],
    ['1 and yes, of which neither is spelled out', '1', 'yes'],
    ['another time zone', '2026-01-31T10:00:00+01:00', '2026-01-31 10:00:00'],
    ['no such day', '2026-02-30', '2026-03-02'],
    ['a field that was not cleared', '', 'still there'],
    ['a field that was not cleared, by null', null, 'still there'],
    ['a name that was not resolved', 'Abel Tuter', ''],
    ['a text that was cut', 'a long text', 'a long'],
  ])('%s', (_, asked, kept) => expect(notTaken({ field: asked }, { field: kept })).toHaveLength(1))
})

test('not told: what was left out, what the row does not have, journals, and objects', () => {
  const asked: Fields = { left_out: undefined, hidden: 'x', comments: 'hello', work_notes: 'hello', caller_id: { name: 'Abel' } }
  expect(notTaken(asked, { left_out: 'x', comments: '', work_notes: '', caller_id: '' })).toEqual([])
})

test('a field called comments that is no journal has a value, and is compared', () => {
  expect(notTaken({ comments: 'new' }, { comments: 'old' })).toEqual([{ field: 'comments', asked: 'new', kept: 'old' }])
})

test.each(['user_password', 'password', 'passwd', 'client_secret', 'api_key', 'token', 'u_pin', 'pwd_2'])(
  '%s is neither compared nor shown',
  field => expect(notTaken({ [field]: 'one' }, { [field]: 'other' })).toEqual([]),
)

test.each(['passed', 'bypass', 'pinned', 'tokens_left', 'keynote'])('%s is a field like others', field =>
  expect(notTaken({ [field]: 'one' }, { [field]: 'other' })).toHaveLength(1),
)

test('a display value can only be told from nothing', () => {
  const asked = { state: 'In Progress', caller_id: 'Abel Tuter', urgency: '1 - High', description: '' }
  const row = { state: '2', caller_id: '', urgency: '3', description: 'still there' }
  expect(notTaken(asked, row, { displayed: true })).toEqual([
    { field: 'caller_id', asked: 'Abel Tuter', kept: '' },
    { field: 'description', asked: '', kept: 'still there' },
  ])
})
