// Asks as curl does, with those of its flags that the guides use: for machines that have no curl. Any other flag is refused.
import { readFileSync, writeFileSync } from 'node:fs'

const NAMES = { s: 'silent', S: 'show-error', G: 'get', X: 'request', H: 'header', d: 'data', u: 'user', o: 'output', K: 'config' }
const SWITCHES = new Set(['silent', 'show-error', 'get', 'fail-with-body'])
const TAKES_VALUE = new Set(['request', 'header', 'data', 'data-binary', 'data-urlencode', 'user', 'output', 'config'])

const given = { header: [], data: [] }
const urls = []

function readArguments(args) {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    if (!arg.startsWith('-') || arg === '-') urls.push(arg)
    else if (arg.startsWith('--')) take(arg.slice(2), () => args[++at])
    else
      for (let letter = 1; letter < arg.length; letter++) {
        const name = NAMES[arg[letter]]
        const rest = arg.slice(letter + 1)
        if (TAKES_VALUE.has(name)) letter = arg.length
        take(name ?? arg[letter], () => rest || args[++at])
      }
  }
}

function take(name, value) {
  if (SWITCHES.has(name)) given[name] = true
  else if (!TAKES_VALUE.has(name)) throw new Error(`The guides are tried without curl here, and its flag "${name}" is not known`)
  else if (name === 'header') given.header.push(...(text => (text.startsWith('@') ? lines(read(text)) : [text]))(value()))
  else if (name === 'config') for (const line of lines(read(`@${value()}`))) configured(line)
  else if (name === 'data') given.data.push(withoutLineEnds(read(value())))
  else if (name === 'data-binary') given.data.push(read(value()))
  else if (name === 'data-urlencode') given.data.push(encoded(value()))
  else given[name] = value()
}

/** A line of a configuration file: `user = "name:password"`. */
function configured(line) {
  const [, name, value] = /^-*([a-z-]+)\s*[=:]?\s*"?(.*?)"?$/.exec(line)
  take(name, () => value.replaceAll(/\\(["\\])/g, '$1'))
}

/** `@FILE` is what the file has, `@-` standard input. */
const read = text => (text.startsWith('@') ? readFileSync(text === '@-' ? 0 : text.slice(1)) : Buffer.from(text))
const withoutLineEnds = bytes => Buffer.from(bytes.toString('latin1').replaceAll(/[\r\n]/g, ''), 'latin1')
const lines = bytes => bytes.toString().split(/\r?\n/).filter(Boolean)

/** `name=text`, or `name@file`. */
function encoded(text) {
  const [, name, sign, rest] = /^([^=@]*)([=@])(.*)$/s.exec(text)
  return Buffer.from(`${name}=${encodeURIComponent(sign === '@' ? readFileSync(rest, 'utf8') : rest)}`)
}

const joined = pieces => pieces.flatMap((piece, at) => (at ? [Buffer.from('&'), piece] : [piece]))

readArguments(process.argv.slice(2))
const url = new URL(urls[0])
const headers = new Headers(given.header.map(line => /^([^:]*):\s*(.*)$/.exec(line).slice(1)))
if (given.user) headers.set('authorization', `Basic ${Buffer.from(given.user).toString('base64')}`)
if (given.get) for (const piece of given.data) url.search += `${url.search ? '&' : ''}${piece}`
const body = given.get || !given.data.length ? undefined : Buffer.concat(joined(given.data))
if (body && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
const answer = await fetch(url, { method: given.request ?? (body ? 'POST' : 'GET'), headers, ...(body ? { body } : {}) })
const bytes = Buffer.from(await answer.arrayBuffer())
if (given.output) writeFileSync(given.output, bytes)
else process.stdout.write(bytes)
if (given['fail-with-body'] && !answer.ok) {
  console.error(`curl: (22) The requested URL returned error: ${answer.status}`)
  process.exitCode = 22
}
