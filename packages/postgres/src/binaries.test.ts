import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyForOthers } from './binaries.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-binaries-'))
  mkdirSync(join(folder, 'native', 'bin'), { recursive: true })
  writeFileSync(join(folder, 'native', 'bin', 'postgres'), 'of npm')
  mkdirSync(join(folder, 'bin'))
})
afterAll(() => rmSync(folder, { recursive: true }))

// Only root copies them, because only root runs PostgreSQL as somebody else.
test.runIf(process.getuid?.() === 0)('what others made in the place of the copied programs is never run', () => {
  const beside = join(folder, 'data')
  mkdirSync(beside)
  const copy = copyForOthers(join(folder, 'native'), beside)
  expect(copyForOthers(join(folder, 'native'), beside)).toBe(copy)
  expect(readFileSync(join(copy, 'bin', 'postgres'), 'utf8')).toBe('of npm')
  expect(lstatSync(copy).mode & 0o777).toBe(0o755)
  rmSync(copy, { recursive: true })
  // A link to programs that are root's too: they are not those that npm brought.
  symlinkSync(folder, copy)
  expect(() => copyForOthers(join(folder, 'native'), beside)).toThrow(`cannot be copied to ${copy}`)
  rmSync(copy)
  mkdirSync(join(copy, 'bin'), { recursive: true })
  chmodSync(copy, 0o777)
  expect(() => copyForOthers(join(folder, 'native'), beside)).toThrow('Remove what is there.')
})
