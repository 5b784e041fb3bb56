import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Action } from '@deskbridge/servicenow'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { ROWS } from '../catalogue/rows.ts'
import { openConnection } from '../connecting/connection-of.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { keepAliveMs } from '../process/keep-alive.ts'
import { readerGone } from '../process/nobody-reads.ts'
import { readOrMakeSecret, sayWhere } from '../process/own-secret.ts'
import { waitForEnd } from '../process/signals.ts'
import { serveTools } from './over-http.ts'
import { toolServers } from './server.ts'

const USAGE = `deskbridge mcp [--connection NAME] [--read-only] [--only FAMILY,ACTION,…] [--http PORT] [--show-token]

Offers every action as a tool of an assistant (Model Context Protocol), over standard input and output or, with --http, at
http://127.0.0.1:PORT/mcp with the bearer token DESKBRIDGE_MCP_TOKEN, or one that is kept in the file "mcp-token" of the data folder
(DESKBRIDGE_DATA); --show-token shows it, on a terminal.
--read-only offers only what reads; --only incident,journal,user.current only those, which leaves an assistant more room to think.
Without --connection the instance is SERVICENOW_INSTANCE_URL with its credentials.
`

/** The shortest token that somebody may set. */
const TOKEN_LENGTH = 16

/** `deskbridge mcp`: the catalogue for an assistant, until it goes or we are asked to end. */
export async function runMcp(args: readonly string[]): Promise<number> {
  const { connection: name, 'read-only': readOnly, only, http, 'show-token': showToken, help } = readArguments(args)
  if (help) {
    process.stdout.write(USAGE)
    return 0
  }
  const ending = waitForEnd()
  const rows = offeredRows(readOnly, only)
  const connection = await openConnection(name)
  const makeServer = toolServers(connection, rows)
  await (http === undefined ? serveOverStdio(makeServer, ending) : serveOverHttp(makeServer, portOf(http), showToken, ending))
  return 0
}

type MakeServer = ReturnType<typeof toolServers>

/** Standard output belongs to the protocol. */
async function serveOverStdio(makeServer: MakeServer, ending: Promise<unknown>): Promise<void> {
  const server = makeServer()
  const gone = new Promise(done => process.stdin.once('end', done).once('close', done))
  await server.connect(new StdioServerTransport())
  await Promise.race([gone, readerGone, ending])
  await server.close()
}

async function serveOverHttp(makeServer: MakeServer, port: number, show: boolean, ending: Promise<unknown>): Promise<void> {
  const given = process.env.DESKBRIDGE_MCP_TOKEN
  if (given && given.length < TOKEN_LENGTH) throw new CannotStart(`DESKBRIDGE_MCP_TOKEN is too short: at least ${TOKEN_LENGTH} characters.`)
  const file = resolve(join(process.env.DESKBRIDGE_DATA || './data', 'mcp-token'))
  const token = given || readOrMakeSecret(file)
  const served = await serveTools(makeServer, port, token, keepAliveMs())
  process.stdout.write(`Tools: ${served.url}\nBearer token: ${given ? 'as given' : sayWhere(token, file, { show })}\nCtrl-C ends it.\n`)
  await ending
  await served.close()
}

function offeredRows(readOnly: boolean, only: string | undefined): readonly Action[] {
  const wanted = only?.split(',').map(name => name.trim())
  const unknown = wanted?.find(name => !ROWS.some(row => isOf(row, name)))
  if (unknown !== undefined)
    throw new CannotStart(`--only: there is no action and no family "${unknown}"; "deskbridge action list" shows all.`)
  return ROWS.filter(row => (!readOnly || row.effect === 'reads') && (wanted?.some(name => isOf(row, name)) ?? true))
}

const isOf = (row: Action, name: string) => row.name === name || row.name.startsWith(`${name}.`)

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        connection: { type: 'string' },
        'read-only': { type: 'boolean', default: false },
        only: { type: 'string' },
        http: { type: 'string' },
        'show-token': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values
  } catch (error) {
    throw new CannotStart(`${(error as Error).message}\nUsage: ${USAGE}`)
  }
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new CannotStart(`--http "${text}" is not a port`)
  return Number(text)
}
