import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import {
  createInstance,
  DEMO,
  type InstanceOptions,
  OptionsProblem,
  RuleProblem,
  type Seed,
  SeedProblem,
  startInstance,
} from '@deskbridge/instance'
import { PostgresUnavailable } from '@deskbridge/postgres'
import { readGivenFile } from '../connecting/connection-of.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { keepAliveMs } from '../process/keep-alive.ts'
import { readOrMakeSecret, sayWhere } from '../process/own-secret.ts'
import { waitForEnd } from '../process/signals.ts'

const USAGE = `deskbridge instance [--port 8081] [--host 127.0.0.1] [--password-stdin | --password-file FILE] [--show-password]
                    [--empty] [--seed FILE.json] [--rules FILE.mjs] [--data ./data-instance] [--schema production]
deskbridge instance reset [--data ./data-instance] [--schema production]
deskbridge instance sign-in --environment sandbox --out FILE     the desk's sign-in at the practice instance of an exchange

A secret is never an argument. The password comes from standard input, a file or DESKBRIDGE_INSTANCE_PASSWORD; without any of them one is
made and kept in the data folder, in the file "password". --show-password shows it, on a terminal.`

/**
 * `deskbridge instance`: a practice instance alone, on a port of its own. With DATABASE_URL it uses that server, else a
 * PostgreSQL in its data folder. Its people's password is given (never as an argument), or its own.
 */
export async function runInstance(args: readonly string[]): Promise<number> {
  if (args[0] === 'sign-in') return (await import('./sign-in.ts')).runSignIn(args.slice(1))
  const { wanted, ...options } = readArguments(args)
  try {
    return await (wanted === 'reset' ? resetInstance(options) : serveInstance(options))
  } catch (error) {
    throw explainPort(error, options)
  }
}

/** What a person can change is said in a sentence. */
function explainPort(error: unknown, { port, host }: Options): unknown {
  if ([PostgresUnavailable, SeedProblem, OptionsProblem].some(kind => error instanceof kind))
    return new CannotStart((error as Error).message)
  if (error instanceof RuleProblem) return new CannotStart(`The rules cannot be used: ${error.message}`)
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return new CannotStart(`Port ${port} of ${host} is taken. Choose another with --port.`)
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return new CannotStart(`Port ${port} of ${host} cannot be used: ${code}.`)
  return error
}

type Options = Omit<ReturnType<typeof readArguments>, 'wanted'>

async function serveInstance(options: Options): Promise<number> {
  const ending = waitForEnd()
  const given = await readPassword(options)
  const running = await startInstance({
    ...placeOf(options),
    ...(await loadRules(options.rules)),
    port: options.port,
    host: options.host,
    keepAliveMs: keepAliveMs(),
  })
  const file = join(options.data, 'password')
  const password = given ?? readOrMakeSecret(file)
  await running.instance.setPasswords(password, [DEMO.admin.userName, DEMO.integration.userName])
  process.stdout.write(
    `Practice instance: ${running.url}\nUsers: ${DEMO.admin.userName}, ${DEMO.integration.userName} and others, see its front page; password: ${given ? 'as given' : sayWhere(password, file, { show: options['show-password'] })}\nCtrl-C ends it.\n`,
  )
  await ending
  await running.close()
  return 0
}

async function resetInstance(options: Options): Promise<number> {
  const opened = await createInstance(placeOf(options))
  try {
    await opened.reset()
  } finally {
    await opened.close()
  }
  process.stdout.write('The practice instance has the records it began with.\n')
  return 0
}

function placeOf({ data, schema, empty, seed }: Options): InstanceOptions {
  const url = process.env.DATABASE_URL
  return {
    ...(url ? { databaseUrl: url } : { folder: data }),
    schema,
    demo: !empty,
    ...(seed === undefined ? {} : { seed: readSeed(seed) }),
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '8081' },
        host: { type: 'string', default: '127.0.0.1' },
        schema: { type: 'string', default: 'production' },
        data: { type: 'string', default: './data-instance' },
        'password-stdin': { type: 'boolean', default: false },
        'password-file': { type: 'string' },
        'show-password': { type: 'boolean', default: false },
        empty: { type: 'boolean', default: false },
        seed: { type: 'string' },
        rules: { type: 'string' },
      },
    })
    const [wanted = 'start', ...others] = positionals
    if (!['start', 'reset'].includes(wanted) || others.length > 0) throw new TypeError(`"${positionals.join(' ')}" is not understood`)
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) throw new TypeError(`--port "${values.port}" is not a port`)
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(values.schema))
      throw new TypeError(`--schema "${values.schema}" is not a name of small letters, digits and _`)
    return { ...values, port: Number(values.port), wanted }
  } catch (error) {
    throw new CannotStart(`${(error as Error).message}\nUsage: ${USAGE}`)
  }
}

/** The first line of standard input or of a file, or what the environment says. */
async function readPassword(options: Options): Promise<string | undefined> {
  const { 'password-stdin': fromStdin, 'password-file': file } = options
  if (!fromStdin && file === undefined) return process.env.DESKBRIDGE_INSTANCE_PASSWORD || undefined
  if (fromStdin && file !== undefined) throw new CannotStart('The password is on standard input or in a file, not both.')
  const from = file === undefined ? 'Standard input' : file
  const password = (file === undefined ? await text(process.stdin) : readGivenFile(file, '--password-file')).split(/\r?\n/)[0]!
  if (password === '') throw new CannotStart(`${from} begins with an empty line: no password.`)
  return password
}

/** Rules are a module, whose default export is a list of them. */
async function loadRules(path: string | undefined): Promise<Pick<InstanceOptions, 'businessRules'>> {
  if (path === undefined) return {}
  try {
    const { default: businessRules } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }
    if (!Array.isArray(businessRules)) throw new TypeError('its default export is no list')
    return { businessRules }
  } catch (error) {
    throw new CannotStart(`The rules ${path} cannot be read: ${(error as Error).message}`)
  }
}

function readSeed(path: string): Seed {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Seed
  } catch (error) {
    throw new CannotStart(`The seed ${path} cannot be read: ${(error as Error).message}`)
  }
}
