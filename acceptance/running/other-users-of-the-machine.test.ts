import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { NODE, runCommand } from '../system/command.ts'
import { FREE_PORTS, newDataFolder, startSystem } from '../system/start-system.ts'

/**
 * Root can be other users too, so as root everything is tried: as `nobody`, as a user that has no account, and as the user whom
 * PostgreSQL runs as. An ordinary user cannot; then what is tried is what that user can make and see itself.
 */
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
const SOMEBODY = 12_345

const folders: { remove(): void }[] = []
const newFolder = () => {
  const folder = newDataFolder()
  folders.push(folder)
  return folder.path
}
afterAll(() => {
  for (const { remove } of folders) remove()
})

/** What a program says that another user of the machine runs. */
function as(uid: number, code: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(NODE, ['--input-type=module', '-e', code, ...args], {
    uid,
    gid: uid,
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
    env: {},
  })
  return stdout + stderr
}

const READ = `import { readFileSync } from 'node:fs'
for (const path of process.argv.slice(1)) try { readFileSync(path); console.log('read', path) } catch (error) { console.log(error.code) }`

const KNOCK = `import { connect } from 'node:net'
connect(process.argv[1]).on('connect', () => { console.log('let in'); process.exit() }).on('error', error => console.log(error.code))`

/** The message with which the database refuses somebody who got to its socket; '' when it let them in. */
async function signsIn(folder: string, password: string): Promise<string> {
  const client = new pg.Client({ host: folder, user: 'deskbridge', database: 'postgres', password })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select')
    return ''
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.end().catch(() => {})
  }
}

function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
}

async function start(environment: Readonly<Record<string, string>>) {
  const command = runCommand(['start'], { ...FREE_PORTS, ...environment })
  const late = setTimeout(() => command.process.kill('SIGKILL'), 20_000)
  const { code, output } = await command.ended
  clearTimeout(late)
  return { code, output }
}

describe('another user of the machine', async () => {
  const system = await startSystem({ database: 'own' })
  afterAll(system.end)
  const postgres = join(system.dataFolder, 'postgres')

  test('finds nothing to read in the data folder, and no way into its database', async () => {
    const files = everything(system.dataFolder)
    for (const path of files) {
      const { mode } = lstatSync(path)
      expect([path, mode & 0o077]).toEqual([path, 0])
    }
    expect(files).toContain(join(postgres, 'deskbridge.password'))
    expect(readFileSync(join(postgres, 'pg_hba.conf'), 'utf8')).not.toMatch(/trust|peer|md5/)
    expect(await signsIn(postgres, 'guessed')).toMatch('password authentication failed')
    if (!isRoot) return
    const socket = join(postgres, '.s.PGSQL.5432')
    for (const uid of [NOBODY, SOMEBODY]) {
      expect(as(uid, READ, ...files)).not.toContain('read')
      expect(as(uid, KNOCK, socket)).toBe('EACCES\n')
      expect(as(uid, KNOCK, join(system.dataFolder, 'lock'))).toBe('EACCES\n')
    }
  })

  test.runIf(isRoot)('(tried as root) is not who PostgreSQL runs as: that user has no account, and its number alone opens nothing', () => {
    const { uid, gid } = statSync(postgres)
    const processId = readFileSync(join(postgres, 'postmaster.pid'), 'utf8').split('\n', 1)[0]
    expect(readFileSync(`/proc/${processId}/status`, 'utf8')).toMatch(new RegExp(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t`))
    expect(readFileSync('/etc/passwd', 'utf8')).not.toMatch(new RegExp(`:${uid}:`))
    expect(uid).toBeGreaterThan(60_000)
    expect(uid).not.toBe(NOBODY)
    const signIn = `import pg from 'pg'
const client = new pg.Client({ host: process.argv[1], user: 'deskbridge', database: 'postgres', password: 'guessed' })
client.connect().then(() => console.log('let in'), error => console.log(error.message)).finally(() => client.end())`
    expect(as(uid, signIn, postgres)).toMatch('password authentication failed')
    expect(as(uid, READ, join(system.dataFolder, 'first-steps.json'), join(postgres, 'deskbridge.password'))).toBe('EACCES\nEACCES\n')
    expect(spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout).not.toContain(
      readFileSync(join(postgres, 'deskbridge.password'), 'utf8'),
    )
  })

  test('gets nothing from a database that trusted its owner: at the next start it asks for a password, and has what it had', async () => {
    const folder = join(newFolder(), 'postgres')
    const first = await startPostgres({ folder })
    await ask(first.url(), 'create table kept as select 1 as row')
    await first.stop()
    rmSync(join(folder, 'deskbridge.password'))
    writeFileSync(join(folder, 'pg_hba.conf'), 'local all all trust\n')
    if (isRoot) for (const path of [folder, ...everything(folder)]) chownSync(path, NOBODY, NOBODY)
    const second = await startPostgres({ folder })
    try {
      expect(await signsIn(folder, 'guessed')).toMatch('password authentication failed')
      expect(await ask(second.url(), 'select * from kept')).toEqual([{ row: 1 }])
      if (!isRoot) return
      expect(as(NOBODY, KNOCK, join(folder, '.s.PGSQL.5432'))).toBe('EACCES\n')
      expect([folder, ...everything(folder)].filter(path => lstatSync(path).uid === NOBODY)).toEqual([])
    } finally {
      await second.stop()
    }
  })

  test('has nothing in a shared folder to put a link in the place of: a start with a long path makes nothing outside its data folder', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'deskbridge-shared-'))
    chmodSync(shared, 0o1777)
    const data = join(newFolder(), 'long'.repeat(30))
    const settings = { DESKBRIDGE_DATA: data, TMPDIR: shared }
    const command = runCommand(['start'], { ...FREE_PORTS, ...settings })
    try {
      await command.untilPrinted('Deskbridge runs.', 45_000)
      expect(everything(shared)).toEqual([])
      expect((await start(settings)).output).toContain('Another Deskbridge runs')
    } finally {
      command.process.kill('SIGTERM')
      await command.ended
    }
    // What Node has compiled is kept at the end.
    expect(everything(shared)).toEqual([])
    rmSync(shared, { recursive: true })
    expect(readdirSync(data)).not.toContain('lock')
  })

  test('who could change what is in the data folder stops the start, and a folder of our own is shut', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'deskbridge-shared-'))
    chmodSync(shared, 0o1777)
    const everybodys = await start({ DESKBRIDGE_DATA: shared })
    expect(everybodys).toMatchObject({ code: 1, output: expect.stringContaining(`Choose a folder of its own: DESKBRIDGE_DATA=${shared}/`) })
    expect(statSync(shared).mode & 0o7777).toBe(0o1777)
    rmSync(shared, { recursive: true })
    const open = newFolder()
    mkdirSync(open)
    chmodSync(open, 0o777)
    // Port 1 of this machine: it gets as far as its database.
    await start({ DESKBRIDGE_DATA: open, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
    expect(statSync(open).mode & 0o777).toBe(0o755)
  })
})

describe.runIf(isRoot)('(tried as root) what another user made beforehand in a folder that all share', () => {
  const shared = realpathSync(mkdtempSync(join(tmpdir(), 'deskbridge-shared-')))
  chmodSync(shared, 0o1777)
  folders.push({ remove: () => rmSync(shared, { recursive: true }) })
  const target = newFolder()
  mkdirSync(target, { mode: 0o755 })
  const untouched = () => {
    const { uid, gid, mode } = statSync(target)
    expect({ uid, gid, mode: mode & 0o777, content: readdirSync(target) }).toEqual({ uid: 0, gid: 0, mode: 0o755, content: [] })
  }
  const plant = (name: string, to?: string) => {
    const path = join(shared, name)
    if (to) as(SOMEBODY, `import { symlinkSync } from 'node:fs'; symlinkSync(process.argv[2], process.argv[1])`, path, to)
    else as(SOMEBODY, `import { mkdirSync } from 'node:fs'; mkdirSync(process.argv[1])`, path)
    expect(lstatSync(path).uid).toBe(SOMEBODY)
    return path
  }

  test.each([
    ['a link where the data folder should be', () => plant('link', target)],
    ['a data folder', () => plant('folder')],
  ])('%s is refused, saying whose it is', async (_what, planted) => {
    const { code, output } = await start({ DESKBRIDGE_DATA: planted() })
    expect(code).toBe(1)
    expect(output).toContain(`user ${SOMEBODY}`)
    expect(output).not.toContain('    at ')
    untouched()
  })

  test.each([
    ['a link where the database should be', () => plant('database-link', target)],
    ['a folder of its own for the database', () => plant('database')],
  ])('%s is refused, saying whose it is', async (_what, planted) => {
    await expect(startPostgres({ folder: planted() })).rejects.toThrow(`user ${SOMEBODY}`)
    untouched()
  })

  test('a database of nobody’s in a folder that all share is not taken over: anybody can have made it', async () => {
    const path = join(shared, 'of-nobody')
    mkdirSync(path)
    chownSync(path, NOBODY, NOBODY)
    await expect(startPostgres({ folder: path })).rejects.toThrow(`belongs to user ${NOBODY}`)
  })

  test('a file with a second name elsewhere is not given away with the old database that it was put into', async () => {
    const secret = join(newFolder(), 'secret')
    mkdirSync(join(secret, '..'))
    writeFileSync(secret, 'of root', { mode: 0o600 })
    const folder = newFolder()
    mkdirSync(join(folder, 'base'), { recursive: true })
    spawnSync('ln', [secret, join(folder, 'base', '1')])
    symlinkSync(secret, join(folder, 'link'))
    for (const path of [folder, join(folder, 'base')]) chownSync(path, NOBODY, NOBODY)
    await expect(startPostgres({ folder })).rejects.toThrow('a file with a second name elsewhere')
    expect(statSync(secret).uid).toBe(0)
  })

  test('(a process of nobody’s) does not get into a database while it is being made', async () => {
    const folder = newFolder()
    // Looks all the time, from before the first file is there until the database runs.
    const spy = spawn(
      NODE,
      [
        '-e',
        `const { readdirSync, writeFileSync } = require('node:fs')
const seen = new Set()
setInterval(() => { for (const name of ['', '/initialising', '/initialising/base']) try { readdirSync(process.argv[1] + name); console.log('read') } catch (error) { if (!seen.has(error.code)) console.log(error.code); seen.add(error.code) } }, 3)`,
        folder,
      ],
      { uid: NOBODY, gid: NOBODY, env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let said = ''
    spy.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    while (!said.includes('ENOENT')) await new Promise(done => setTimeout(done, 5))
    const postgres = await startPostgres({ folder })
    await postgres.stop()
    spy.kill()
    expect(said).toContain('EACCES')
    expect(said).not.toContain('read')
  })
})

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
