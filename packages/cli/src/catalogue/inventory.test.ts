import { readdirSync, readFileSync } from 'node:fs'
import { connect, serviceNow } from '@deskbridge/servicenow'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { runActionCommand } from '../action/command.ts'
import { toolServers } from '../mcp/server.ts'
import { saidBy } from '../proof/said-by.ts'
import { ROWS } from './rows.ts'

/** Every face shows the same actions: none is missing in one of them, none is only there. */

const REFERENCE = new URL('../../../../docs/reference/', import.meta.url)
const connection = connect({ baseUrl: 'https://dev.example', signIn: { kind: 'basic', userName: 'u', password: 'p' } })
const faces: Record<string, readonly string[]> = {}

beforeAll(async () => {
  const methods = Object.entries(serviceNow(connection)).flatMap(([family, verbs]) => Object.keys(verbs).map(verb => `${family}.${verb}`))
  const listed = JSON.parse(await saidBy(() => runActionCommand(['list', '--json']))) as { name: string }[]
  const golden = readdirSync(new URL('golden/actions/', REFERENCE)).map(file => file.replace(/\.json$/, ''))
  const page = readFileSync(new URL('actions.md', REFERENCE), 'utf8')
  Object.assign(faces, {
    catalogue: ROWS.map(({ name }) => name),
    SDK: methods,
    'command line': listed.map(({ name }) => name),
    'assistant’s tools': (await tools()).map(name => name.replace('_', '.')),
    'golden files': golden,
    'page of the reference': [...page.matchAll(/^### (.*)$/gm)].map(([, name]) => name!),
  })
})

async function tools(): Promise<string[]> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await toolServers(connection, ROWS)().connect(ours)
  const client = new Client({ name: 'an assistant', version: '1' })
  await client.connect(theirs)
  const listed = await client.listTools()
  await client.close()
  return listed.tools.map(({ name }) => name)
}

describe.each(['SDK', 'command line', 'assistant’s tools', 'golden files', 'page of the reference'])('the %s', face => {
  const missing = (one: string, other: string) => faces[one]!.filter(name => !faces[other]!.includes(name))

  test('has every action of the catalogue', () => expect(missing('catalogue', face)).toEqual([]))
  test('has no other, and none twice', () => {
    expect(missing(face, 'catalogue')).toEqual([])
    expect(faces[face]).toHaveLength(ROWS.length)
  })
})

test('every action has its help, and its golden file is what `describe --json` says', async () => {
  for (const { name, title } of ROWS) {
    expect(await saidBy(() => runActionCommand(['describe', name]))).toContain(`${name}: ${title}`)
    expect(await saidBy(() => runActionCommand(['describe', name, '--json']))).toBe(
      readFileSync(new URL(`golden/actions/${name}.json`, REFERENCE), 'utf8'),
    )
  }
})
