import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstance, type Instance, serveInstance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import packageFile from '../package.json' with { type: 'json' }
import * as servicenow from './index.ts'
import { examplesOf, readDocstrings, runExample } from './proof/examples.ts'

/** The examples in the docstrings of what the package exports, run one by one against a practice instance over HTTP. */

const docstrings = readDocstrings()
const examples = [...docstrings].flatMap(([name, docstring]) => examplesOf(name, docstring))

let instance: Instance
let served: Awaited<ReturnType<typeof serveInstance>>
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let folder: string

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  served = await serveInstance(instance, { port: 0 })
  await instance.setPassword('admin', 'pw')
  folder = await mkdtemp(join(tmpdir(), 'examples-'))
})

afterAll(async () => {
  await served?.close()
  await instance?.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

test('there is one door, and its names are all found in index.ts', () => {
  expect(Object.keys(packageFile.exports)).toEqual(['.'])
  expect([...docstrings.keys()]).toEqual(expect.arrayContaining(Object.keys(servicenow)))
})

const functions = Object.entries(servicenow).filter(([, value]) => typeof value === 'function')

test.each(functions.map(([name]) => name))('%s has an example that claims what comes of it', name => {
  const own = examples.filter(example => example.name === name)
  expect(own.length, `${name}: an @example in its docstring`).toBeGreaterThan(0)
  for (const { code } of own) expect(code, `${name}: a line with "// →"`).toContain('// →')
})

test.each(examples)('the example of $name works', async example => {
  const [userName, password, baseUrl] = ['admin', 'pw', served.url]
  const connection = servicenow.connect({ baseUrl, signIn: { kind: 'basic', userName, password } })
  const given = {
    baseUrl,
    userName,
    password,
    connection,
    sdk: servicenow.serviceNow(connection),
    folder: await mkdtemp(join(folder, 'f-')),
  }
  let claims = 0
  const count = await runExample(example, { ...servicenow, z, ...given }, (value, wanted) => {
    claims++
    expect(value).toEqual(wanted)
  })
  // One in a loop or behind a failure that did not come would be a claim that nobody made.
  expect(claims).toBe(count)
})
