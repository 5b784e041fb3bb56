import { parseArgs } from 'node:util'
import { expect, test } from 'vitest'
import { ROWS } from '../catalogue/rows.ts'
import { description, exampleArguments } from './describe.ts'
import { flagsOf, givenValue, OWN_OPTIONS, parseOptions } from './flags.ts'

test.each(ROWS.map(row => [row.name, row] as const))('%s: the example in its help is its example, typed', (_, row) => {
  const flags = flagsOf(row)
  const { values } = parseArgs({ args: exampleArguments(row).slice(4), options: parseOptions(flags) }) as {
    values: Record<string, unknown>
  }
  const given = flags.filter(flag => flag.kind !== 'file' && values[flag.name] !== undefined)
  const input = Object.fromEntries(given.map(flag => [flag.field, givenValue(flag, values[flag.name])]))
  const files = flags.filter(({ kind }) => kind === 'file').map(({ field }) => field)
  const example = Object.fromEntries(Object.entries(row.example.input as object).filter(([field]) => !files.includes(field)))
  expect(row.input.safeParse({ ...input, ...Object.fromEntries(files.map(field => [field, new Uint8Array()])) }).error).toBeUndefined()
  // What is typed as FIELD=VALUE is a text; ServiceNow takes the number 2 and the text 2 as the same.
  expect(asTexts(input)).toEqual(asTexts(example))
})

test.each(ROWS.map(row => [row.name, row] as const))('%s: its help says all that a person must know', (_, row) => {
  const help = description(row)
  const { title, whenToUse, source, effect, repeat, needs } = row
  const parts = [title, whenToUse, source, `Effect: ${effect}`, ...flagsOf(row).map(({ name }) => `--${name}`)]
  const owed = [...parts, ...(repeat === 'safe' ? [] : [repeat.probe]), ...needs.roles, ...needs.plugins]
  expect(
    owed.filter(part => !help.includes(part)),
    'not in its help',
  ).toEqual([])
})

test.each(ROWS.map(row => [row.name, row] as const))('%s: each input has a flag of its own', (_, row) => {
  const names = flagsOf(row).map(({ name }) => name)
  expect(
    names.filter((name, at) => names.indexOf(name) !== at),
    'there twice',
  ).toEqual([])
  const hidden = flagsOf(row).filter(({ name, kind }) => kind !== 'file' && Object.hasOwn(OWN_OPTIONS, name))
  expect(
    hidden.map(({ name }) => `--${name}`),
    'an option of the command itself',
  ).toEqual([])
})

function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts)
  if (value instanceof Object) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asTexts(one)]))
  return String(value)
}
