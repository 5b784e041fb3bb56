import { describe, expect, test } from 'vitest'
import { ExchangeError } from '../platform/errors.ts'
import { readFile, writeFile } from './organisation-file.ts'

const ID = 'a'.repeat(32)
const HEAD = 'organisation,environment,table,sys_id,company'

const mapping = { table: 'core_company', sys_id: ID, name: 'Company', state: 'there', confirmed_by: null, confirmed_at: null } as const
const fileOf = (name: string) => writeFile([{ name, environments: [{ environment: 'sandbox', mapping, variables: {} }] }])

function refusal(text: string) {
  try {
    return readFile(text).problems
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    return (error.body.error.problems as object[]) ?? error.code
  }
}

describe('a file of mappings', () => {
  test.each(['North', 'A, B and "C"', 'Two\nlines', '=HYPERLINK("http://x")', '+1', '-2', '@SUM(A1)', '＝1', 'Zoë’s'])(
    'gives %j back as it was',
    name => {
      expect(readFile(fileOf(name)).mappings).toEqual([
        expect.objectContaining({ organisation: name, environment: 'sandbox', table: 'core_company', sysId: ID }),
      ])
    },
  )

  test.each(['=1+1', '+1', '-2', '@SUM(A1)', '\t=1'])('lets a spreadsheet calculate nothing: %j', name => {
    expect(fileOf(name)).toMatch(/\r\n"?'/)
  })

  test('is read as a spreadsheet with semicolons writes it, in another order and with other columns', () => {
    expect(readFile(`\ufeffSYS_ID;Organisation;Environment;Notes\r\n${ID.toUpperCase()};North, Inc;Sandbox;x\r\n\r\n`).mappings).toEqual([
      { line: 2, organisation: 'North, Inc', environment: 'sandbox', sysId: ID, table: undefined },
    ])
  })

  test('leaves an organisation as it is whose line has no sys_id', () => {
    expect(readFile(`${HEAD}\nNorth,sandbox,,,\n`)).toEqual({ mappings: [], passedOver: 1, problems: [] })
  })

  test.each([
    ['an empty file', '', { line: 1, message: 'The file is empty.' }],
    ['a file without its first line', `North,sandbox,,${ID},\n`, { line: 1, message: expect.stringContaining('no column organisation') }],
    ['an unknown environment', `${HEAD}\nNorth,live,,${ID},\n`, { line: 2, column: 'environment', message: 'environment is "live".' }],
    ['a sys_id that is none', `${HEAD}\n\nNorth,sandbox,,INC1,\n`, { line: 3, column: 'sys_id', message: 'sys_id is "inc1".' }],
    ['a table of something else', `${HEAD}\nNorth,sandbox,sys_user,${ID},\n`, { line: 2, column: 'table' }],
    ['a line that is short', `${HEAD}\nNorth,sandbox\n`, { line: 2, message: expect.stringContaining('2 values') }],
    ['no organisation', `${HEAD}\n ,sandbox,,${ID},\n`, { line: 2, column: 'organisation' }],
    ['a quote that is not closed', `${HEAD}\n"North,sandbox,,${ID},\n`, { message: expect.stringContaining('double quote') }],
  ])('is refused for %s, by line', (_, text, problem) => {
    expect(refusal(text)).toEqual([expect.objectContaining({ ...problem, hint: expect.any(String) })])
  })

  test('may have 1,000 lines and no more', () => {
    const line = `North,sandbox,,${ID},\n`
    expect(readFile(`${HEAD}\n${line.repeat(1_000)}`).mappings).toHaveLength(1_000)
    expect(refusal(`${HEAD}\n${line.repeat(1_001)}`)).toBe('too_large')
  })
})
