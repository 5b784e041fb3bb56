#!/usr/bin/env node
// This file runs on any Node, so that an old one gets a sentence instead of a syntax error.
import { spawn } from 'node:child_process'
import * as module from 'node:module'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  // What Node made of the sources is kept between starts: 0.8 s of CPU the first time, 0.2 s from then on.
  const cache = cacheFolder()
  if (cache) module.enableCompileCache?.(join(cache, 'deskbridge', 'compiled'))
  const { run } = await import('#command')
  process.exitCode = await run(process.argv.slice(2))
} else {
  const own = ownNode()
  if (!own || process.env.DESKBRIDGE_OWN_NODE) {
    console.error(
      `Deskbridge needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}. In a checkout "npm ci" brings one along.`,
    )
    process.exit(1)
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, DESKBRIDGE_OWN_NODE: '1' },
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

/** The Node that npm installed beside us, if it did. */
function ownNode() {
  try {
    return join(dirname(module.createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
  } catch {
    return undefined
  }
}

/** A folder of the user's own: what lies in Node's default, below /tmp, another user may have put there, and it would be run. */
function cacheFolder() {
  try {
    return [process.env.XDG_CACHE_HOME, join(homedir(), '.cache')].find(folder => folder && isAbsolute(folder))
  } catch {
    // A user without an account has no home.
    return undefined
  }
}
