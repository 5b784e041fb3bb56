import { afterEach, describe, expect, test, vi } from 'vitest'
import { readSettings } from '../settings.ts'
import type { Opened } from './opened.ts'
import { ORDER } from './order.ts'
import { openParts, type StartPart } from './part.ts'
import { Progress } from './progress.ts'

const SETTINGS = readSettings({})

describe('the order of the start', () => {
  test('opens each part once', () => {
    const names = ORDER.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })

  test.each(
    ORDER.map((one, at) => ({ name: one.name, needs: one.needs, before: ['settings', ...ORDER.slice(0, at).map(other => other.name)] })),
  )('$name comes after what it needs', ({ needs, before }) => expect(needs.filter(need => !before.includes(need))).toEqual([]))
})

/** Parts that write down when they are opened and closed. */
function heard(
  story: string[],
  names: readonly (keyof Opened)[],
  failing: { open?: keyof Opened; close?: readonly (keyof Opened)[] } = {},
): StartPart[] {
  return names.map((name, at) => ({
    name,
    needs: names.slice(Math.max(0, at - 1), at),
    says: () => `at ${name}`,
    open() {
      if (name === failing.open) throw new Error(`${name} cannot be opened`)
      story.push(`open ${name}`)
      return name
    },
    close(own) {
      story.push(`close ${own}`)
      if (failing.close?.includes(name)) throw new Error(`${name} cannot be closed`)
    },
  }))
}

describe('parts', () => {
  test('are closed in the opposite order, once', async () => {
    const story: string[] = []
    const { close } = await openParts(heard(story, ['folder', 'database', 'capture']), SETTINGS)
    await close()
    await close()
    expect(story).toEqual(['open folder', 'open database', 'open capture', 'close capture', 'close database', 'close folder'])
  })

  test('that were opened are all closed when a later one cannot be', async () => {
    const story: string[] = []
    const parts = heard(story, ['folder', 'database', 'capture', 'front'], { open: 'capture', close: ['database'] })
    await expect(openParts(parts, SETTINGS)).rejects.toThrow('capture cannot be opened')
    expect(story).toEqual(['open folder', 'open database', 'close database', 'close folder'])
  })

  test('that cannot be closed keep no other one open, and each is named', async () => {
    const story: string[] = []
    const { close } = await openParts(heard(story, ['folder', 'database', 'capture'], { close: ['database', 'capture'] }), SETTINGS)
    await expect(close()).rejects.toThrow(
      'The part capture was not closed: Error: capture cannot be closed; Error: The part database was not closed: Error: database cannot be closed',
    )
    expect(story.slice(3)).toEqual(['close capture', 'close database', 'close folder'])
  })

  test('that stand before what they need are not opened', async () => {
    const story: string[] = []
    const [folder, database] = heard(story, ['folder', 'database'])
    await expect(openParts([database!, folder!], SETTINGS)).rejects.toThrow('The part database needs folder, which is opened later')
    expect(story).toEqual([])
  })
})

describe('a start that takes its time', () => {
  afterEach(() => void vi.useRealTimers())

  test('says nothing for a second, then what it is at, and from then on each thing that it begins', () => {
    vi.useFakeTimers()
    const said: string[] = []
    const progress = new Progress(line => said.push(line))
    progress.begin('at folder')
    progress.begin('at database')
    vi.advanceTimersByTime(999)
    expect(said).toEqual([])
    vi.advanceTimersByTime(1)
    expect(said).toEqual(['at database'])
    progress.begin(undefined)
    progress.begin('at capture')
    expect(said).toEqual(['at database', 'at capture'])
  })

  test('that was quicker than that says nothing', async () => {
    vi.useFakeTimers()
    const said: string[] = []
    const progress = new Progress(line => said.push(line))
    await openParts(heard([], ['folder', 'database']), SETTINGS, progress)
    progress.end()
    vi.advanceTimersByTime(5_000)
    expect(said).toEqual([])
  })

  test.each([
    ['makes a database, and says where', {}, 'databaseServer', 'Making the database in /nowhere/postgres (first start) …'],
    [
      'asks a database of one’s own, and tells no password',
      { DATABASE_URL: 'postgresql://user:word@host:5/name' },
      'database',
      'Asking the database at host:5, and bringing its tables up to date …',
    ],
    ['opens both practice instances', {}, 'instances', 'Opening the practice instances sandbox and production …'],
  ] as const)('%s', (_, environment, name, line) => {
    const part = ORDER.find(one => one.name === name)!
    expect(part.says({ settings: readSettings(environment), folder: { path: '/nowhere' }, accesses: {} } as unknown as Opened)).toBe(line)
  })
})
