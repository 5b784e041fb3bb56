/**
 * How soon is everything as before when the database was away, or an exchange was killed? Run: npm run bench -- outage
 *
 * Two exchanges, 32 programs of partners and somebody of the desk are at work, as in the stories of acceptance/faults, from which the
 * system is. Nothing is asserted here: those stories do that. Beside us a bare `pg` client comes back through the same gate; what it
 * needs nobody can do without. BENCH_OUTAGE_FOLDER=… keeps what was answered and what the exchanges printed.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@deskbridge/postgres'
import { TEST_SERVER } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { Callers } from '../acceptance/faults/callers.ts'
import { DeskAgent } from '../acceptance/faults/desk-agent.ts'
import { type GatedSystem, startBehindGate } from '../acceptance/faults/gated-system.ts'
import { forbiddenAnswers, type HeardAnswer, summaryOf } from '../acceptance/faults/heard-answer.ts'
import { startPair } from '../acceptance/faults/postgres-pair.ts'
import type { StartedSystem } from '../acceptance/system/start-system.ts'
import type { Update } from '../acceptance/system/update.ts'

const WARM_UP_MS = 4_000
/** Until all callers are at work; only then what counts as before begins. */
const FIRST_MS = 1_500
const WINDOW_MS = 3_000
/** In the first second after the return those who waited come all at once. */
const WINDOW_AFTER_MS = 1_000
const BARE_EVERY_MS = 50
/** At each of the two exchanges. */
const READ_EVERY_MS = 100
/** A filing takes about 30 ms: so many, so close together, are met at each point of their way. */
const FILINGS = 16
const FILED_EVERY_MS = 3
/** As the callers do, whatever Retry-After says. */
const LONGEST_PAUSE_MS = 400
/** Whatever is not as before by then is not waited for. */
const AS_BEFORE_WITHIN_MS = 60_000
/** Until somebody notices that a primary is dead, decides and promotes. */
const DECIDED_AFTER_MS = 2_000
const BARE_NAME = 'bare limit'

/** Something that goes wrong, and is over after a while: from then on everything could be as before. */
interface Outage {
  title: string
  seconds: number
  /** Gives what makes it happen, so that this happens at once. */
  aim: () => Promise<() => unknown>
  over: () => unknown
}

/** Milliseconds from the return, if nothing else is said; Infinity for what did not come. */
interface Figures {
  bare: number
  firstServed: number[]
  filing: number
  slowest: number
  told: number
  perSecond: { before: number; after: number }
  connections: { before: number; after: number }
  /** Why an exchange says since it began that the database has lost time. Here it never has, and what follows is slower. */
  lostTime: string[]
}

export async function outage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-bench-'))
  // PostgreSQL, which runs as another user when we are root, must get through.
  chmodSync(folder, 0o711)
  try {
    // Only processes are stopped or killed here, never the machine: nothing has to reach the disk.
    const server = await startPostgres({ folder: join(folder, 'postgres'), maxConnections: 300, settings: { fsync: 'off' } })
    process.env[TEST_SERVER] = server.url('postgres')
    try {
      printHead()
      await goneAndBack()
      await failedOver()
    } finally {
      delete process.env[TEST_SERVER]
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The kill comes last: its exchange does not come back. */
async function goneAndBack(): Promise<void> {
  await using system = await startBehindGate()
  const { gate } = system
  await warmUp(system)
  const away = (title: string, seconds: number, strike: () => unknown): Outage => ({
    title,
    seconds,
    aim: async () => strike,
    over: () => gate.open(),
  })
  for (const kind of [
    away('cut 0.2 s', 0.2, () => gate.cut()),
    away('refused 4 s', 4, () => gate.refuse()),
    away('stood still 6 s', 6, () => gate.stall()),
    away('refused 20 s', 20, () => gate.refuse()),
    away('cut 20 s', 20, () => gate.cut()),
    { title: 'capturing exchange killed', seconds: 0, aim: async () => (await capturing(system)).kill, over: () => {} },
  ])
    print(kind.title, await measure(system, kind))
}

async function failedOver(): Promise<void> {
  await using pair = await startPair('synchronous')
  await using system = await startBehindGate({ database: pair.primary.url() })
  await warmUp(system)
  const kind: Outage = {
    title: 'standby promoted',
    seconds: DECIDED_AFTER_MS / 1_000,
    aim: async () => pair.primary.kill,
    over: async () => {
      await pair.promote()
      await system.gate.switchTo(pair.standby.url())
    },
  }
  print(kind.title, await measure(system, kind))
}

/** A process that has just started is slower than it will be, which would make the first kind look better than it is. */
async function warmUp({ exchanges }: GatedSystem): Promise<void> {
  const callers = await Callers.begin('WARM', exchanges)
  await pause(WARM_UP_MS)
  await callers.finish()
}

async function capturing({ exchanges, rows }: GatedSystem): Promise<StartedSystem> {
  const [lease] = await rows(`select holder from exchange.capture where environment = 'sandbox' and held_until > now()`)
  const found = exchanges.find(({ dataFolder }) => readFileSync(join(dataFolder, 'id'), 'utf8').trim() === lease?.holder)
  if (!found) throw new Error('None of the exchanges captures')
  return found
}

async function measure(system: GatedSystem, { title, seconds, aim, over }: Outage): Promise<Figures> {
  const { exchanges, instance } = system
  const name = title.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  const callers = await Callers.begin(name, exchanges)
  const agent = new DeskAgent(instance.desk, callers)
  const ended = new AbortController()
  try {
    await pause(FIRST_MS + WINDOW_MS)
    // The agent speaks on later ones, so nobody else does on this one.
    const ticket = callers.tickets.find(({ by }) => by === 'customer')!
    const record = await instance.desk.record(ticket.number!)
    const connectionsBefore = await connections(system)
    const strike = await aim()
    const filings = await fileSome(exchanges, name, ended.signal)

    const beganAt = Date.now()
    await strike()
    const { promise: isBack, resolve: comesBack } = Promise.withResolvers<void>()
    const bare = bareAnswer(system.gate.url, isBack, ended.signal)
    await pause(Math.max(0, beganAt + seconds * 1_000 - Date.now()))
    await over()
    const backAt = Date.now()
    comesBack()

    const text = `${name}: the first since it is over`
    // A failure shows as a comment that is never told.
    instance.desk.comment(record, text).catch(() => {})
    const told = Promise.race(exchanges.map(exchange => whenTold(exchange, { text, since: new Date(beganAt) }, ended.signal)))
    const last = AbortSignal.timeout(AS_BEFORE_WITHIN_MS)
    last.addEventListener('abort', () => ended.abort(), { once: true })
    const [bareAt, toldAt, acknowledgedAt] = await Promise.all([bare, told, Promise.all(filings), pause(WINDOW_AFTER_MS + WINDOW_MS)])
    const watchedUntil = Date.now()
    const connectionsAfter = await connections(system)
    const lostTime = await lostTimeSince(system, beganAt)
    // What is under way still belongs to it.
    await callers.finish()
    keep(name, exchanges, callers.answers)

    const { answers } = callers
    return {
      bare: bareAt - backAt,
      firstServed: exchanges.map((_, at) => firstServed(answers, at, backAt) - backAt),
      // None when all of them were acknowledged before.
      filing: Math.max(0, ...acknowledgedAt.map(moment => moment - backAt)),
      slowest: slowest(answers, beganAt, watchedUntil),
      told: toldAt - backAt,
      perSecond: {
        before: servedPerSecond(answers, beganAt - WINDOW_MS),
        after: servedPerSecond(answers, backAt + WINDOW_AFTER_MS),
      },
      connections: { before: connectionsBefore, after: connectionsAfter },
      lostTime,
    }
  } finally {
    ended.abort()
    await callers.finish()
    await agent.finish().catch(error => console.error(`  ${title}: the desk could not work: ${error}`))
  }
}

/** The least that any program behind the gate needs: it connects and asks again and again, until it is answered after the return. */
async function bareAnswer(url: string, isBack: Promise<void>, ended: AbortSignal): Promise<number> {
  let back = false
  isBack.then(() => {
    back = true
  })
  for (; !ended.aborted; await pause(BARE_EVERY_MS)) if ((await answers(url)) && back) return Date.now()
  return Number.POSITIVE_INFINITY
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, application_name: BARE_NAME })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    client.end().catch(() => {})
  }
}

/** Begins some filings; when each of them is acknowledged. */
async function fileSome(exchanges: readonly StartedSystem[], name: string, ended: AbortSignal): Promise<Promise<number>[]> {
  const filings: Promise<number>[] = []
  for (let at = 0; at < FILINGS; at++) {
    filings.push(whenFiled(exchanges, `${name}-under-way-${at}`, at, ended))
    await pause(FILED_EVERY_MS)
  }
  return filings
}

/** Sends a filing to one exchange after the other, until it is acknowledged. */
async function whenFiled(exchanges: readonly StartedSystem[], reference: string, first: number, ended: AbortSignal): Promise<number> {
  for (let turn = first; !ended.aborted; turn++) {
    const partner = exchanges[turn % exchanges.length]!.partner('customer')
    const answer = await partner.fileTicket({ customer_reference_number: reference }).catch(() => undefined)
    if (answer?.status === 200) return Date.now()
    if (!answer) partner.forgetToken()
    await pause(Math.min(Number(answer?.headers.get('retry-after') ?? 1) * 1_000, LONGEST_PAUSE_MS))
  }
  return Number.POSITIVE_INFINITY
}

/** When this exchange first tells what the desk said. It is asked by moment, which takes nothing from the queue that the callers read. */
async function whenTold(exchange: StartedSystem, said: { text: string; since: Date }, ended: AbortSignal): Promise<number> {
  const partner = exchange.partner('customer')
  for (; !ended.aborted; await pause(READ_EVERY_MS)) {
    const answer = await partner.poll({ since: said.since.toISOString() }).catch(() => undefined)
    if (answer?.status !== 200) continue
    if ((answer.body as Update[]).some(({ ticket_attributes: { comments } }) => comments === said.text)) return Date.now()
  }
  return Number.POSITIVE_INFINITY
}

/** By when its call began does not matter: who waited while the database was away is served too. */
function firstServed(answers: readonly HeardAnswer[], at: number, moment: number): number {
  const served = answers.filter(({ exchange, status }) => exchange === at && status === 200).map(endOf)
  return Math.min(...served.filter(end => end >= moment))
}

function slowest(answers: readonly HeardAnswer[], from: number, to: number): number {
  return Math.max(...answers.filter(answer => endOf(answer) >= from && answer.beganAt <= to).map(({ tookMs }) => tookMs))
}

function servedPerSecond(answers: readonly HeardAnswer[], from: number): number {
  const served = answers.filter(({ status }) => status === 200).map(endOf)
  return served.filter(end => end >= from && end < from + WINDOW_MS).length / (WINDOW_MS / 1_000)
}

const endOf = ({ beganAt, tookMs }: HeardAnswer) => beganAt + tookMs

/** Of both exchanges: their pools, what listens, and those of the practice instance for production that is in their process. */
async function connections({ rows }: GatedSystem): Promise<number> {
  const others = `select count(*)::int as open from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name <> $1`
  return Number((await rows(others, [BARE_NAME]))[0]!.open)
}

async function lostTimeSince({ rows }: GatedSystem, moment: number): Promise<string[]> {
  return (await rows('select why from exchange.horizon where noticed_at >= $1', [new Date(moment)])).map(({ why }) => String(why))
}

function keep(name: string, exchanges: readonly StartedSystem[], answers: readonly HeardAnswer[]): void {
  const folder = process.env.BENCH_OUTAGE_FOLDER
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const head = [summaryOf(answers), ...forbiddenAnswers(answers, { withinMs: 10_000 })]
  writeFileSync(join(folder, `${name}-answers.txt`), [...head, ...answers.map(answer => JSON.stringify(answer))].join('\n'))
  for (const [at, exchange] of exchanges.entries()) writeFileSync(join(folder, `${name}-exchange-${at}.txt`), exchange.output())
}

const COLUMNS = [26, 6, 12, 7, 11, 9, 7, 9, 7, 7, 13, 7] as const

function printHead(): void {
  console.log(
    '\nAn outage with two exchanges and 32 callers. Times in seconds, from the return; bare: a pg client that reconnects every 50 ms',
  )
  printRow(['', '', 'first 200', '', 'filing', 'slowest', 'desk', '200s', '', '', 'connections', ''])
  printRow(['', 'bare', 'exchange 0', '1', 'under way', 'answer', 'told', 'before', 'after', 'ratio', 'before', 'after'])
}

function print(title: string, { bare, firstServed, filing, slowest, told, perSecond, connections, lostTime }: Figures): void {
  const { before, after } = perSecond
  printRow([
    title,
    ...[bare, ...firstServed, filing, slowest, told].map(seconds),
    ...[before, after].map(figure => `${figure.toFixed(0)}/s`),
    (after / before).toFixed(2),
    ...[connections.before, connections.after].map(String),
  ])
  for (const why of lostTime) console.log(`    From here on an exchange looks for what it writes, as after a restore. ${why}`)
}

function printRow(cells: string[]): void {
  console.log(`  ${cells.map((cell, at) => (at ? cell.padStart(COLUMNS[at]!) : cell.padEnd(COLUMNS[at]!))).join('')}`)
}

const seconds = (milliseconds: number) => (Number.isFinite(milliseconds) ? (milliseconds / 1_000).toFixed(2) : 'never')
