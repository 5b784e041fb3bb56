import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../files.ts'
import { INSTALLED } from './installed-packages.ts'
import { exportedBy } from './manifest.ts'
import { type Manifest, readPackages } from './packages.ts'
import { fetchNode } from './testing/other-node.ts'
import { type How, installSomewhereElse, run } from './testing/somewhere-else.ts'

/** The packages as somebody has them who has no checkout: packed, and installed by npm into an empty folder. */

const packages = readPackages()
const doors = packages.flatMap(({ manifest }) => exportedBy(manifest).map(({ name }) => join(manifest.name, name)))
const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

let folder = ''
let remove = () => {}
beforeAll(async () => {
  ;({ folder, remove } = await installSomewhereElse())
}, 600_000)
afterAll(() => remove())

const installed = ({ name }: Manifest) => join(folder, 'node_modules', name)

test.each(packages.map(({ manifest }) => manifest))(
  '$name brings its licence and README, what is compiled with its sources, and no test',
  async manifest => {
    const files = await readdir(installed(manifest), { recursive: true })
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    expect(files.filter(file => /\.test\.|\.cases\.|testing|conformance|proof\/|tsconfig/.test(file))).toEqual([])
    const compiled = files.filter(file => file.endsWith('.js.map'))
    expect(compiled).not.toEqual([])
    for (const map of compiled) {
      const { sources } = JSON.parse(read(installed(manifest), map)) as { sources: string[] }
      expect(files).toEqual(expect.arrayContaining(sources.map(source => join(map, '..', source))))
    }
    const { private: hidden, version, engines } = JSON.parse(read(installed(manifest), 'package.json'))
    expect({ hidden, version, engines }).toEqual({
      hidden: undefined,
      version: packages[0]!.manifest.version,
      engines: { node: '>=22.18' },
    })
  },
)

test('every link of a packed document leads to a file that is there', async () => {
  for (const { manifest } of packages) {
    const files = await readdir(installed(manifest), { recursive: true })
    for (const file of files.filter(name => /^[^/]+\.md$/.test(name)))
      for (const [, target] of read(installed(manifest), file).matchAll(/\]\(((?!https?:|#)[^)#]+)/g)) expect(files).toContain(target)
  }
})

test('imported from JavaScript, each is there, its types for nobody', async () => {
  const script = `console.log((await Promise.all(${JSON.stringify(doors)}.map(name => import(name)))).every(door => Object.keys(door).length))`
  expect(await run('node', ['--input-type=module', '-e', script], folder)).toEqual({ code: 0, out: 'true\n', err: '' })
})

/** What a README shows, and what is seen of it when it runs. */
const EXAMPLES: Record<string, { prints: RegExp; signal?: NodeJS.Signals }> = {
  attachment: { prints: /^Hello, desk is text\/plain$/m },
  postgres: { prints: /^PostgreSQL runs: \/\w+$/m },
  instance: { prints: /short_description: '\w/ },
  servicenow: { prints: /^INC\d+$/m },
  connect: { prints: /^Incident INC#\d+ has been created[\s\S]*^INC#\d+ \w/m, signal: 'SIGINT' },
  exchange: { prints: /^The exchange answers at (\S+)$/m, signal: 'SIGTERM' },
}

/** Where the examples of the READMEs go, letter by letter. */
const exampleFile = (name: string) => `example-${name}.ts`

describe('the example of a README', () => {
  let database: Awaited<ReturnType<typeof makeFreshDatabase>>
  let ofTheExchange: Record<string, string>
  beforeAll(async () => {
    for (const { folder: place } of packages.filter(({ folder }) => basename(folder) in EXAMPLES)) {
      const [, example] = /```ts\n([^`]*(?:`[^`\n]*`[^`]*)*)```/.exec(read(place, 'README.md')) ?? []
      writeFileSync(join(folder, exampleFile(basename(place))), example!)
    }
    database = await makeFreshDatabase()
    ofTheExchange = {
      PORT: '0',
      INSTANCE_SANDBOX_PORT: '0',
      INSTANCE_PRODUCTION_PORT: '0',
      DESKBRIDGE_DEMO: 'yes',
      DATABASE_URL: database.url,
    }
  })
  afterAll(() => database?.drop())

  const runExample = (name: string, how: How = {}) => {
    const { prints, signal } = EXAMPLES[name]!
    return run('node', [exampleFile(name)], folder, { ...(signal && { until: prints, signal }), ...how })
  }

  test('is TypeScript that compiles under strict rules, the types of others checked too', async () => {
    const wrong = "import { connectClient } from '@deskbridge/connect'\nimport { serviceNow } from '@deskbridge/servicenow'\n"
    writeFileSync(join(folder, 'wrong.ts'), `${wrong}connectClient({ exchange: 1 })\nserviceNow('dev12345')\n`)
    const everything = doors.map((name, at) => `export * as door${at} from '${name}'\n`).join('')
    writeFileSync(join(folder, 'everything.ts'), everything)
    const settings = ['--strict', '--skipLibCheck', 'false', '--noEmit', '--module', 'nodenext', '--target', 'es2024']
    const files = ['everything.ts', 'wrong.ts', ...Object.keys(EXAMPLES).map(exampleFile)]
    const { out } = await run(join(ROOT, 'node_modules/.bin/tsc'), [...settings, ...files], folder)
    expect(
      out
        .trim()
        .split('\n')
        .filter(line => line.includes('error'))
        .map(line => line.split(':')[0]),
    ).toEqual(['wrong.ts(3,17)', 'wrong.ts(4,12)'])
  }, 120_000)

  test.each(['attachment', 'postgres', 'instance'])(
    'of %s runs',
    async name => {
      expect(await runExample(name)).toMatchObject({ code: 0, out: expect.stringMatching(EXAMPLES[name]!.prints) })
    },
    120_000,
  )

  test('of exchange runs; those of connect and servicenow run against it, and so does the story of smoke', async () => {
    const against = async () => {
      const steps = JSON.parse(read(folder, 'data/first-steps.json'))
      const { url, username, password } = steps.instances.sandbox
      const servicenow = { SERVICENOW_INSTANCE_URL: url, SERVICENOW_USERNAME: username, SERVICENOW_PASSWORD: password }
      expect(await runExample('servicenow', { env: servicenow })).toMatchObject({
        code: 0,
        out: expect.stringMatching(EXAMPLES.servicenow!.prints),
      })
      expect(await run('npx', ['deskbridge', 'smoke'], folder)).toMatchObject({
        code: 0,
        out: expect.stringContaining('Everything was true.'),
      })
      // What smoke has read is still there for who asks for it by its time.
      const partner = { EXCHANGE: steps.exchange, CLIENT_ID: steps.customer.clientId, CLIENT_SECRET: steps.customer.clientSecret }
      expect(await runExample('connect', { env: partner })).toMatchObject({ code: 0 })
    }
    expect(await runExample('exchange', { env: ofTheExchange, meanwhile: against })).toMatchObject({ code: 0 })
  }, 240_000)
})

test('npx deskbridge says what it can, and starts a practice instance in an empty folder', async () => {
  expect(await run('npx', ['deskbridge', '--help'], folder)).toMatchObject({ code: 0, out: expect.stringContaining('deskbridge instance') })
  const meanwhile = async ([, url]: RegExpMatchArray) => {
    const { status } = await fetch(`${url}/api/now/table/incident`)
    expect(status).toBe(401)
  }
  const running = run('npx', ['deskbridge', 'instance', '--port', '0'], folder, {
    until: /Practice instance: (\S+)/,
    meanwhile,
    signal: 'SIGTERM',
  })
  expect((await running).out).toContain('Practice instance')
}, 240_000)

describe('on another Node', () => {
  /** What each import comes to, in one process. */
  const outcomes = `for (const name of ${JSON.stringify(doors)}) console.log(name, await import(name).then(() => 'is there', error => error.message))`
  const importAll = async (node: string) =>
    (await run('node', ['--input-type=module', '-e', outcomes], folder, { node })).out.trim().split('\n')

  test('the oldest that will do, each is imported', async () => {
    const node = await fetchNode('22.18.0')
    expect(await importAll(node)).toEqual(doors.map(name => `${name} is there`))
    expect(await run('npx', ['deskbridge', '--help'], folder, { node })).toMatchObject({ code: 0 })
  }, 600_000)

  test('one that is too old, each says so in a sentence, whatever else would fail there', async () => {
    const node = await fetchNode('20.20.2')
    const owner = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]
    expect(await importAll(node)).toEqual(doors.map(name => `${name} ${owner(name)} needs Node 22.18 or newer; this is 20.20.2.`))
    const { code, err } = await run('npx', ['deskbridge', 'instance'], folder, { node })
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Deskbridge needs Node 22.18 or newer; this is 20.20.2.') })
  }, 600_000)
})

test('the stories of connect and the clients that others wrote hold for what is installed', async () => {
  const files = ['packages/connect/src/against-the-exchange.test.ts', 'packages/instance/src/conformance/real-clients.test.ts']
  const env = { [INSTALLED]: folder, DESKBRIDGE_TEST_POSTGRES: process.env.DESKBRIDGE_TEST_POSTGRES! }
  const { code, out, err } = await run(join(ROOT, 'node_modules/.bin/vitest'), ['run', ...files], ROOT, { env })
  expect(code, `${out}${err}`).toBe(0)
}, 700_000)
