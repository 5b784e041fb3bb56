import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

/** `apis/`, `refusals/` and `conformance/` carry the same names, so that whoever looks for one of the three finds the others. */

const names = (folder: string, ending: string) =>
  readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter(name => name.endsWith(ending))
    .map(name => name.slice(0, -ending.length))

/** Refusals that belong to no single API, and why. */
const OF_ALL: Readonly<Record<string, string>> = {
  refusal: 'the envelope of every refusal',
  platform: 'what every API refuses alike',
}

const apis = names('apis', '.ts')

/** An API in several files has one set of cases, under its first name: `change-ci` belongs to `change`. */
const apiOf = (name: string) => apis.find(other => name.startsWith(`${other}-`)) ?? name

test('every API has its cases', () => {
  expect(apis.length).toBeGreaterThan(5)
  const cases = names('conformance', '.test.ts')
  expect(
    apis.filter(name => !cases.includes(apiOf(name))).map(name => `apis/${name}.ts has no conformance/${apiOf(name)}.test.ts`),
  ).toEqual([])
})

test('refusals belong to an API, or say why they belong to all', () => {
  const strays = names('refusals', '.ts').filter(name => !apis.includes(name) && !Object.hasOwn(OF_ALL, name))
  expect(strays.map(name => `refusals/${name}.ts has no apis/${name}.ts, and OF_ALL does not say why`)).toEqual([])
})

test('whatever belongs to all is still there', () => {
  expect(Object.keys(OF_ALL).filter(name => !names('refusals', '.ts').includes(name))).toEqual([])
})
