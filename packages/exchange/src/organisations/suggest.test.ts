import { describe, expect, test } from 'vitest'
import { hostOf, saysWhose } from './domains.ts'
import { likeness, nameWords } from './likeness.ts'
import { suggestFor } from './suggest.ts'

const company = (name: string, website = '', sysId = name) => ({ sysId, name, website })
const nobody = new Map<string, ReadonlyMap<string, number>>()
const suggest = (name: string, candidates: ReturnType<typeof company>[], domains: string[] = [], people = nobody) =>
  suggestFor([{ name, domains }], candidates, people)[0]!

describe('the likeness of names', () => {
  test.each([
    ['Noord Netwerken B.V.', 'noord netwerken'],
    ['The Müller & Söhne GmbH', 'Muller Sohne'],
    ['Åse AS', 'Ase Holding'],
    ["O'Brien plc", 'OBrien Ltd.'],
    ['Demo, North', 'North Demo'],
  ])('"%s" and "%s" are the same name', (one, other) => {
    expect(likeness(nameWords(one), nameWords(other))).toBe(1)
  })

  test('a name of nothing but the form of a company keeps its words', () => {
    expect(nameWords('The Group')).toEqual(['the', 'group'])
    expect(likeness(nameWords('The Group'), nameWords('Holding NV'))).toBeLessThan(0.5)
  })

  test('names that share two words of three are alike, unrelated ones are not', () => {
    expect(likeness(nameWords('Demo Customer North'), nameWords('Demo Customer South'))).toBeCloseTo(0.78, 2)
    expect(likeness(nameWords('Harbour Logistics'), nameWords('Northern Bakery'))).toBeLessThan(0.5)
    expect(likeness(nameWords('***'), nameWords('Demo'))).toBe(0)
  })
})

describe('a domain', () => {
  test.each([
    ['https://www.North.example/about', 'north.example'],
    ['north.example', 'north.example'],
    ['see our page', ''],
    ['', ''],
    ['https://', ''],
    ['javascript:alert(1)', ''],
  ])('of the website "%s" is "%s"', (website, host) => {
    expect(hostOf(website)).toBe(host)
  })

  test('at which anybody may have an address says nothing', () => {
    expect(saysWhose('gmail.com')).toBe(false)
    expect(saysWhose('north.example')).toBe(true)
    expect(saysWhose('north.example^company=x')).toBe(false)
  })
})

describe('a suggestion', () => {
  test('for a record of the same name is clear, and says so', () => {
    const { clear, why } = suggest('Demo Customer North', [company('Demo Customer South'), company('Demo Customer North')])
    expect(clear?.candidate.name).toBe('Demo Customer North')
    expect(clear?.evidence).toEqual([{ kind: 'name', words: 'Both are called "Demo Customer North".' }])
    expect(why).toContain('Confirm it')
  })

  test('between two records of one name is nobody’s to make', () => {
    const { clear, matches, why } = suggest('North', [company('North', '', 'a'), company('North', '', 'b')])
    expect(clear).toBeUndefined()
    expect(matches).toHaveLength(2)
    expect(why).toContain('about equally likely')
  })

  test('between two records of one name is clear when one has its people too', () => {
    const people = new Map([['north.example', new Map([['b', 3]])]])
    const { clear } = suggest('North', [company('North', '', 'a'), company('North', '', 'b')], ['north.example'], people)
    expect(clear?.candidate.sysId).toBe('b')
    expect(clear?.evidence.map(piece => piece.kind)).toEqual(['name', 'people'])
    expect(clear?.evidence[1]?.words).toBe('3 active users of this company have e-mail addresses at north.example, like its own people.')
  })

  test('by a likeness alone is possible, no more', () => {
    const { clear, matches, why } = suggest('Demo Customer North', [company('Demo Customer South')])
    expect(clear).toBeUndefined()
    expect(matches[0]?.evidence[0]?.words).toContain('78 % like')
    expect(why).toContain('no more')
  })

  test('by the website of another name needs a second piece of evidence', () => {
    const other = company('Trading as Nordic', 'https://desk.north.example')
    expect(suggest('North', [other], ['north.example']).clear).toBeUndefined()
    const people = new Map([['north.example', new Map([[other.sysId, 1]])]])
    expect(suggest('North', [other], ['north.example'], people).clear?.candidate).toBe(other)
  })

  test('does not follow from an address at a provider that serves everybody', () => {
    const people = new Map([['gmail.com', new Map([['x', 40]])]])
    expect(suggest('North', [company('Bakery', 'https://gmail.com', 'x')], ['gmail.com'], people).matches).toEqual([])
  })

  test('follows the record that stands for it in the other environment', () => {
    const copied = company('Renamed since')
    const organisation = { name: 'North', domains: [], elsewhere: { environment: 'production', sysId: copied.sysId } }
    const [suggestion] = suggestFor([organisation], [copied, company('Nordic')], nobody)
    expect(suggestion?.clear?.evidence).toEqual([{ kind: 'sys_id', words: 'The record with this sys_id stands for it in production.' }])
  })

  test('of one record for two organisations is clear for neither', () => {
    const organisations = ['North BV', 'North GmbH'].map(name => ({ name, domains: [] }))
    for (const { clear, why } of suggestFor(organisations, [company('North')], nobody)) {
      expect(clear).toBeUndefined()
      expect(why).toContain('also the best match of "North')
    }
  })

  test('of nothing says to search', () => {
    expect(suggest('North', [company('Bakery')])).toEqual({ clear: undefined, matches: [], why: 'No record is like it. Search for one.' })
  })
})
