import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonSchema, schemaFieldsOf } from '@deskbridge/servicenow'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ERRORS } from '../../packages/exchange/src/platform/errors.ts'
import { SETTINGS } from '../../packages/exchange/src/settings.ts'
import { TABLES } from '../../packages/instance/src/dictionary/tables.ts'
import { ROOT, repositoryFiles } from '../files.ts'
import { actionRows } from './actions.ts'
import { BEFORE_ANY_ROW } from './errors.ts'
import { table } from './markdown.ts'
import { FOLDER, pages } from './pages.ts'
import { routeRows } from './rows.ts'
import { OF_COMMANDS } from './settings.ts'

const rows = routeRows()
const written = pages()
const textOf = (path: string) => written.get(`${FOLDER}/${path}`) ?? ''
const sources = repositoryFiles()
  .filter(
    file => /^packages\/[^/]+\/(src|bin)\/.*\.m?ts$|\.mjs$/.test(file) && !/\.test\.ts$|\/testing|\/conformance\/|\/proof\//.test(file),
  )
  .map(file => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))

const DIFFERENCES = 'packages/instance/known-differences.md'
/** Named where it is said what lies beyond them. */
const THERE_AS_A_START = ['sc_catalog', 'sc_category', 'sc_cat_item']

/** They answer a page, this description, and figures: no JSON of ours. */
const WITHOUT_SCHEMA = ['front-page', 'openapi', 'metrics']

/** Between the command and its own second process. */
const NOT_A_SETTING = ['DESKBRIDGE_OWN_NODE']
/** What the operating system gives, and what stands in a command that is shown for copying. */
const OF_THE_MACHINE = ['PATH', 'TMPDIR', 'HOME', 'XDG_CACHE_HOME', 'FIRST_STEPS']

describe('errors', () => {
  const listed = new Set(rows.flatMap(row => row.errors))

  test('every code that an operation lists exists', () => {
    for (const row of rows) for (const code of row.errors) expect(Object.keys(ERRORS), row.operationId).toContain(code)
  })

  test('every code is listed by an operation, or answered before any', () => {
    expect(Object.keys(ERRORS).filter(code => !listed.has(code as keyof typeof ERRORS))).toEqual([...BEFORE_ANY_ROW])
  })

  test('every code is thrown somewhere', () => {
    const throwing = sources.filter(({ file }) => /packages\/exchange\//.test(file) && !/\.routes\.ts$|\/errors\.ts$/.test(file))
    expect(Object.keys(ERRORS).filter(code => !throwing.some(({ text }) => text.includes(`'${code}'`)))).toEqual([])
  })

  test('no operation lists one twice', () => {
    for (const row of rows) expect(row.errors, row.operationId).toEqual([...new Set(row.errors)])
  })

  test('every code is documented', () => {
    expect(Object.keys(ERRORS).filter(code => !textOf('errors.md').includes(`| \`${code}\` |`))).toEqual([])
  })
})

describe('settings', () => {
  test('every one is documented, and no secret has a default', () => {
    expect(SETTINGS.filter(({ variable }) => !textOf('settings.md').includes(`| \`${variable}\` |`))).toEqual([])
    for (const { secret, fallback, variable } of SETTINGS) if (secret) expect(fallback, variable).toBe('')
  })

  test('every variable that is read is one', () => {
    const known = [...[...SETTINGS, ...OF_COMMANDS].map(({ variable }) => variable), ...NOT_A_SETTING, ...OF_THE_MACHINE]
    const read = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/process\.env(?:\.|\[')(\w+)/g)].map(([, variable]) => ({ file, variable })),
    )
    expect(read.filter(({ variable }) => !known.includes(variable!))).toEqual([])
  })
})

describe('operations', () => {
  test('every one says what it answers, or is known not to', () => {
    expect(rows.filter(row => !row.output && !row.gives).map(row => row.operationId)).toEqual(WITHOUT_SCHEMA)
  })

  test('every one has a name of its own, and a place in each document', () => {
    const names = rows.map(row => row.operationId)
    expect(
      names.filter((name, at) => names.indexOf(name) !== at),
      'there twice',
    ).toEqual([])
    const without = (file: string, words: (name: string) => string) => names.filter(name => !textOf(file).includes(words(name)))
    expect(
      without('connect-api.md', name => `## ${name}\n`),
      'not in connect-api.md',
    ).toEqual([])
    expect(
      without('openapi.json', name => `"operationId": "${name}"`),
      'not in openapi.json',
    ).toEqual([])
    for (const row of rows) {
      expect(JSON.parse(textOf(`golden/operations/${row.operationId}.json`))).toMatchObject({ access: row.access, errors: row.errors })
    }
  })
})

test('the OpenAPI document is a valid one', async () => {
  const problems = await lintFromString({ source: textOf('openapi.json'), config: await createConfig({ extends: ['recommended'] }) })
  expect(problems.filter(({ severity }) => severity === 'error').map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
})

test('every action is documented and has its golden file', () => {
  for (const { name, effect } of actionRows) {
    const [, section = ''] = textOf('actions.md').split(`### ${name}\n`)
    for (const word of ['Effect: ', 'Needs ', '```json', 'Source: ']) expect(section.split('\n### ')[0], `${name}: ${word}`).toContain(word)
    expect(JSON.parse(textOf(`golden/actions/${name}.json`))).toMatchObject({ name, effect })
  }
})

describe('the tables of the practice instance', () => {
  const page = written.get(DIFFERENCES) ?? ''

  test('every one is on the page of known differences, with its source', () => {
    for (const { name, source } of TABLES)
      expect(
        page.split('\n').filter(line => line.startsWith(`| \`${name}\` |`) && line.includes(source)),
        name,
      ).toHaveLength(1)
  })

  test('none that is there is said not to be', () => {
    const [, section = ''] = page.split('## Tables that are not here\n')
    const named = [...section.split('\n## ')[0]!.matchAll(/`(\w+)`/g)].map(([, name]) => name)
    expect(named).toContain('sc_catalog')
    const there = TABLES.map(({ name }) => name).filter(name => !THERE_AS_A_START.includes(name))
    expect(
      there.filter(name => named.includes(name)),
      DIFFERENCES,
    ).toEqual([])
  })
})

test('every link of the reference leads somewhere', () => {
  for (const [path, text] of [...written].filter(([path]) => path.startsWith(FOLDER)))
    for (const [, file, hash] of text.matchAll(/\]\(([\w.-]*)#?([\w-]*)\)/g)) {
      const goal = file ? textOf(file) : text
      expect(goal, `${path}: ${file}`).not.toBe('')
      const anchors = [...goal.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      )
      if (hash) expect(anchors, path).toContain(hash)
    }
})

test('the same sources give the same text', () => expect([...pages()]).toEqual([...written]))

describe('a table of fields', () => {
  const names = (schema: z.ZodType) =>
    schemaFieldsOf(jsonSchema(schema, 'output')).map(({ name, required }) => (required ? name : `${name}?`))

  test('goes into lists and objects', () => {
    const schema = z.object({ a: z.string(), files: z.array(z.object({ name: z.string(), size: z.number().optional() })).optional() })
    expect(names(schema)).toEqual(['a', 'files?', 'files[].name', 'files[].size?'])
    expect(names(z.array(schema))).toEqual(['[].a', '[].files?', '[].files[].name', '[].files[].size?'])
  })

  test('has each field of either form once', () => {
    expect(names(z.union([z.object({ a: z.string() }), z.object({ a: z.string(), b: z.string().optional() })]))).toEqual(['a', 'b?'])
  })

  test('says the limits', () => {
    const schema = z.object({ word: z.enum(['a', 'b']), text: z.string().min(1).max(9), none: z.int(), few: z.int().min(1).max(5) })
    expect(schemaFieldsOf(jsonSchema(schema, 'output')).map(({ limits }) => limits)).toEqual([
      '`a`, `b`',
      'not empty, at most 9 characters',
      '',
      'from 1, to 5',
    ])
  })

  test('stays whole whatever a text contains', () => {
    expect(table(['a'], [['one | two\nthree']])).toBe('| a |\n|---|\n| one \\| two three |')
  })
})
