import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { SETTINGS } from '@deskbridge/exchange'
import { describe, expect, test } from 'vitest'
import { repositoryFiles } from '../../tools/files.ts'
import { blocksOf, readGuide } from './guide.ts'

const ROOT = join(import.meta.dirname, '../..')
const GUIDES = readdirSync(join(ROOT, 'docs/guides')).filter(name => name.endsWith('.md'))
const SERVICE = blocksOf(readGuide('service.md'))
const blockOf = (language: string) => SERVICE.find(block => block.language === language)!.text

const SOURCES = repositoryFiles()
  .filter(file => /^packages\/.*\.m?[jt]s$/.test(file) && !/\.test\.ts$|\/proof\//.test(file))
  .map(file => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n')

/** Names of environment variables; AF_… are the system's own families of addresses. */
const variablesIn = (text: string) => [...new Set(text.match(/\b(?!AF_)[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [])]
const isSetting = (name: string) => SETTINGS.some(({ variable }) => variable === name)
/** Of a command, or of the system: something of ours reads it. */
const isRead = (name: string) => new RegExp(`\\b${name}\\b`).test(SOURCES)

test.each(GUIDES)('every variable that %s names is a setting, or is read by a command', guide => {
  expect(variablesIn(readGuide(guide)).filter(name => !isSetting(name) && !isRead(name))).toEqual([])
})

/** The file of settings, as the guide has its reader make it. */
const environment = parseEnv(/<<'END'\n([\s\S]*?)\nEND/.exec(SERVICE.map(({ text }) => text).join(''))![1]!)

/** Seconds: of a setting in that file, or its default. */
const secondsOf = (name: string) => Number(environment[name] ?? SETTINGS.find(({ variable }) => variable === name)!.fallback)

describe('the settings file of the service', () => {
  test('has settings only', () => expect(Object.keys(environment).filter(name => !isSetting(name))).toEqual([]))
})

describe('what the guides have their readers type', () => {
  const typed = GUIDES.flatMap(guide => blocksOf(readGuide(guide)).map(({ text }) => text)).join('\n')

  test('gives a program no address with a password, whose arguments everybody on the machine reads', () => {
    expect(typed.split('\n').filter(line => /\$\{?DATABASE_URL|^\w.* postgres(ql)?:/.test(line))).toEqual([])
  })

  test('never fetches a command of that name from elsewhere; the page of the desk is the practice instance’s own', () => {
    expect(GUIDES.filter(guide => /npx deskbridge/.test(readGuide(guide)))).toEqual(['at-the-desk.md'])
  })

  test('reads no table of the exchange', () => {
    expect(GUIDES.filter(guide => /\bfrom exchange\.\w/.test(readGuide(guide)))).toEqual([])
  })
})

describe('the unit of systemd', () => {
  const lines = blockOf('ini').trimEnd().split('\n')
  const values = Object.fromEntries(lines.filter(line => line.includes('=')).map(line => line.split(/=(.*)/s, 2) as [string, string]))

  test('is made of sections, and of names with values', () => {
    for (const line of lines) expect(line).toMatch(/^(\[(Unit|Service|Install)\]|[A-Z][A-Za-z]+=.*|)$/)
  })

  test('starts a program that is there, with the file of settings that the guide makes', () => {
    expect(existsSync(join(ROOT, values.ExecStart!.split(' ')[1]!))).toBe(true)
    expect(SERVICE.some(({ text }) => text.includes(`deskbridge.env ${values.EnvironmentFile}`))).toBe(true)
    const names = values.Environment!.split(' ').map(word => word.split('=')[0]!)
    expect(names.filter(name => !isSetting(name) && !isRead(name))).toEqual([])
  })

  test('gives it the time in which it ends, and asks it alone', () => {
    const ends = readFileSync(join(ROOT, 'packages/exchange/src/start/start.ts'), 'utf8').match(/CLOSE_IN_ALL_MS = ([\d_]+)/)![1]!
    expect(Number(values.TimeoutStopSec)).toBeGreaterThan(Number(ends.replaceAll('_', '')) / 1_000 + secondsOf('DRAIN_SECONDS'))
    expect(values.KillMode).toBe('mixed')
  })
})

describe.each(['nginx', 'caddyfile'])('the proxy’s settings for %s', language => {
  const text = blockOf(language)
  const seconds = (name: string) => Number(new RegExp(`\\b${name} (\\d+)s`).exec(text)![1])

  test('have an end for each beginning, and one statement a line', () => {
    let depth = 0
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(language === 'nginx' ? /^\s*([^{};]+ \{|[^{}]+;|\})$/ : /^\s*([^{}]+ \{|[^{};]+|\})$/)
      depth += line.endsWith('{') ? 1 : line.endsWith('}') ? -1 : 0
      expect(depth).toBeGreaterThanOrEqual(0)
    }
    expect(depth).toBe(0)
  })

  test('end idle connections before the exchange does, and wait longer for an answer than it takes', () => {
    expect(seconds(language === 'nginx' ? 'keepalive_timeout' : 'keepalive')).toBeLessThan(secondsOf('KEEP_ALIVE_SECONDS'))
    expect(seconds(language === 'nginx' ? 'proxy_read_timeout' : 'response_header_timeout')).toBeGreaterThan(30)
  })
})
