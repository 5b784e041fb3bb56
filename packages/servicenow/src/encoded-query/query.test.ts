import { describe, expect, test } from 'vitest'
import { type Query, type QueryValue, query, UnsafeQueryValue, type ValueOperator } from '../index.ts'
import { inEveryPart } from './every-part.ts'

/*
 * A reader of the grammar, written for this test from servicenow-core 10.1 to 10.3 and sharing nothing with the builder. It is lenient where
 * an instance might be: operators in any case, invisible characters dropped before it looks for a script.
 */
const OPERATORS =
  `= != < <= > >= IN|NOT IN|NOTIN|LIKE|*|CONTAINS|NOT LIKE|!*|NOTLIKE|DOES NOT CONTAIN|STARTSWITH|ENDSWITH|%|ISEMPTY|ISNOTEMPTY|
ANYTHING|EMPTYSTRING|BETWEEN|SAMEAS|NSAMEAS|GT_FIELD|LT_FIELD|GT_OR_EQUALS_FIELD|LT_OR_EQUALS_FIELD|MORETHAN|LESSTHAN|ON|NOTON|DATEPART|
RELATIVEGT|RELATIVELT|RELATIVEGE|RELATIVELE|RELATIVEEE|DYNAMIC|IN_HIERARCHY|IN_HIERARCHY_DYNAMIC|INSTANCEOF|VALCHANGES|CHANGESFROM|CHANGESTO|
DOESNOTHAVE|EXCLUDING`
    .replace('= != < <= > >= IN', '=|!=|<|<=|>|>=|IN')
    .split('|')
    .map(operator => operator.trim())
    .sort((a, b) => b.length - a.length)

type Term = { field: string; operator: string; values: string[] }

function read(text: string): { parts: Term[][][]; orderings: string[] } {
  const orderings: string[] = []
  const parts = text.split('^NQ').map(part => {
    const clauses: Term[][] = []
    for (const piece of part.split('^')) {
      if (/^(ORDERBY|GROUPBY)/i.test(piece) && !/^order/.test(piece)) orderings.push(piece)
      else if (piece.startsWith('OR')) clauses.at(-1)?.push(readTerm(piece.slice(2)))
      else if (piece !== '') clauses.push([readTerm(piece)])
    }
    return clauses
  })
  return { parts, orderings }
}

function readTerm(piece: string): Term {
  const field = /^[a-z0-9_.]*/.exec(piece)?.[0] ?? ''
  const rest = piece.slice(field.length)
  const operator = OPERATORS.find(one => rest.toUpperCase().startsWith(one)) ?? '?'
  const value = rest.slice(operator.length)
  const separator = operator === 'BETWEEN' ? '@' : operator.endsWith('IN') ? ',' : '\u0000'
  const values = value === '' ? [] : value.split(separator)
  return { field, operator, values: values.map(one => (/^[\s\p{Cf}]*j[\s\p{Cf}]*avascript:/iu.test(one) ? '<evaluated>' : one)) }
}

/** Repeatable randomness. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const NASTY = [
  '^',
  '^NQ',
  '^OR',
  '^EQ',
  '^ORDERBY',
  '=',
  '!',
  '<',
  '>',
  '*',
  '%',
  '@',
  ',',
  '.',
  ' ',
  '\n',
  '\u0000',
  '\u200b',
  '\u2028',
  'javascript:',
  'JavaScript:',
  'java',
  'script:',
  'gs.getUserID()',
  'STANCEOFtask',
  'stanceof',
  '_HIERARCHY',
  '_hierarchy_dynamic',
  'LIKE',
  'ON',
  'IN',
  'NOT ',
  'EMPTY',
  'a',
  '0',
  'é',
  '漢',
  '\ud83d\ude00',
  '\ud800',
  'number',
  'ENDRLQUERY',
  '123TEXTQUERY321=',
  '{',
  '"',
  "'",
  '\\',
  '/',
  '&',
  '#',
  '+',
  '%5E',
]

function nastyValue(roll: (sides: number) => number): string {
  return Array.from({ length: 1 + roll(4) }, () => NASTY[roll(NASTY.length)]).join('')
}

describe('whatever the values, a query is read as it was meant, or refused', () => {
  const VALUE: ValueOperator[] = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'NOT LIKE', 'STARTSWITH', 'ENDSWITH', 'INSTANCEOF']

  test('one value', () => {
    const roll = dice(1)
    let accepted = 0
    for (let i = 0; i < 40_000; i++) {
      const operator = VALUE[roll(VALUE.length)] as ValueOperator
      const value = nastyValue(roll)
      const text = built(() => query().where('active', '=', true).where('short_description', operator, value).where('u_x', 'ISEMPTY'))
      if (text === undefined) continue
      accepted++
      expect(read(text)).toEqual({
        parts: [
          [
            [{ field: 'active', operator: '=', values: ['true'] }],
            [{ field: 'short_description', operator, values: [value] }],
            [{ field: 'u_x', operator: 'ISEMPTY', values: [] }],
          ],
        ],
        orderings: [],
      })
    }
    expect(accepted).toBeGreaterThan(10_000)
  })

  test('lists, ranges, alternatives, parts and orderings', () => {
    const roll = dice(2)
    let accepted = 0
    for (let i = 0; i < 40_000; i++) {
      const values = Array.from({ length: 1 + roll(3) }, () => nastyValue(roll))
      const operator = roll(2) === 0 ? 'IN' : 'NOT IN'
      const [from, to] = [nastyValue(roll), nastyValue(roll)]
      const withRange = roll(4) === 0
      const text = built(() => {
        const start = query().in('a', values, operator).orIn('b.c', values, operator).newQuery()
        return (withRange ? start.between('d', from, to) : start.where('d', '=', 1)).orderBy('e').orderByDescending('f')
      })
      if (text === undefined) continue
      accepted++
      const second = withRange ? { field: 'd', operator: 'BETWEEN', values: [from, to] } : { field: 'd', operator: '=', values: ['1'] }
      expect(read(text)).toEqual({
        parts: [
          [
            [
              { field: 'a', operator, values },
              { field: 'b.c', operator, values },
            ],
          ],
          [[second]],
        ],
        orderings: ['ORDERBYe', 'ORDERBYDESCf'],
      })
    }
    expect(accepted).toBeGreaterThan(5_000)
  })

  function built(build: () => Query): string | undefined {
    try {
      return build().text()
    } catch (error) {
      if (error instanceof UnsafeQueryValue) return undefined
      throw error
    }
  }
})

describe('what is refused, with the field and the reason', () => {
  test.each<[string, ValueOperator, unknown, RegExp]>([
    ['a caret', '=', 'a^NQactive=true', /cannot be escaped/],
    ['a line break', '=', 'a\nb', /line break/],
    ['NUL', '=', 'a\u0000', /control/],
    ['a script', '=', 'javascript:gs.getUserID()', /evaluate/],
    ['a script in capitals behind blanks', '=', ' \u200b JavaScript:x', /evaluate/],
    ['a longer comparison', '>', '=5', />=/],
    ['a longer comparison', '<', '=5', /<=/],
    ['nothing', '=', '', /empty/],
    ['blanks', 'LIKE', '  ', /empty/],
    ['half a character', '=', '\udc00', /surrogate/],
    ['no number', '=', Number.NaN, /finite/],
    ['null', '=', null, /no text/],
    ['undefined', '=', undefined, /needs a value/],
  ])('%s', (_, operator, value, reason) => {
    expect(() => query().where('u_reference', operator, value as QueryValue)).toThrow(
      expect.objectContaining({ name: 'UnsafeQueryValue', field: 'u_reference', reason: expect.stringMatching(reason) }),
    )
  })

  test.each<[string, () => Query]>([
    ['IN that becomes INSTANCEOF', () => query().in('sys_class_name', ['STANCEOFtask'])],
    ['IN that becomes IN_HIERARCHY', () => query().in('cmdb_ci', ['_HIERARCHYx@y'])],
    ['a comma in IN', () => query().in('number', ['a,b'])],
    ['an empty list', () => query().in('number', [])],
    ['an empty value in a list', () => query().in('number', ['a', ''])],
    ['a script inside a list', () => query().in('number', ['a', 'javascript:x'])],
    ['an @ in BETWEEN', () => query().between('number', 'a@b', 'c')],
    ['a field with a caret', () => query().where('a^b', '=', 1)],
    ['a field in capitals', () => query().where('ORDERBYx', '=', 1)],
    ['a field to order by', () => query().orderBy('x^active=false')],
    ['or without a condition', () => query().or('a', '=', 1)],
  ])('%s', (_, build) => expect(build).toThrow(UnsafeQueryValue))

  test('but not what people write', () => {
    for (const value of [
      "O'Brien & co. (50% @ work), #1 = best!",
      'IN 2026',
      'ON hold',
      '=5',
      'NOT LIKE this',
      'javascript is slow',
      '漢字 😀',
      '-5',
    ]) {
      expect(query().where('short_description', '=', value).text()).toBe(`short_description=${value}`)
    }
  })
})

test('a query can be shared: each call gives a new one', () => {
  const open = query().where('active', '=', true)
  expect(open.where('priority', '<=', 2).text()).toBe('active=true^priority<=2')
  expect(open.text()).toBe('active=true')
  expect(query().orderBy('number').text()).toBe('ORDERBYnumber')
  expect(() => open.newQuery().text()).toThrow('after it')
  expect(() => query().newQuery()).toThrow('before it')
})

describe('a condition is added to every part of a filter', () => {
  test.each<[string, string[], string]>([
    ['', ['sys_id>1'], 'sys_id>1^ORDERBYsys_id'],
    ['a=1^ORb=2', ['sys_id>1'], 'a=1^ORb=2^sys_id>1^ORDERBYsys_id'],
    ['a=1^NQb=2^EQ', ['sys_id>1'], 'a=1^sys_id>1^NQb=2^sys_id>1^ORDERBYsys_id'],
    ['a=1^NQb=2', ['t>1', 't=1^s>2'], 'a=1^t>1^NQa=1^t=1^s>2^NQb=2^t>1^NQb=2^t=1^s>2^ORDERBYsys_id'],
    ['', [], 'ORDERBYsys_id'],
  ])('%s + %j', (filter, conditions, expected) => expect(inEveryPart(filter, conditions, ['sys_id'])).toBe(expected))

  test('many carets in a row, within it or at its end, are read once', () => {
    const carets = '^'.repeat(100_000)
    expect(inEveryPart(`${carets}a=1${carets}^EQ`, [], ['sys_id'])).toBe('a=1^ORDERBYsys_id')
    expect(inEveryPart(`a=1${carets}b=2`, [], [])).toBe(`a=1${carets}b=2`)
  })

  test('an ordering of its own is refused', () => expect(() => inEveryPart('a=1^ORDERBYb', [], ['sys_id'])).toThrow('ORDERBY'))
  test('a field that only begins so is not', () => expect(inEveryPart('order=1', [], ['sys_id'])).toBe('order=1^ORDERBYsys_id'))
})
