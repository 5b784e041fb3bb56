import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './somewhere-else.ts'

/**
 * Another Node than that of the checkout: fetched from npm's registry the first time (some 45 MB), and kept in the user's cache folder.
 * @returns the folder of its program
 * @throws Error where it cannot be had
 */
export async function fetchNode(version: string): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'deskbridge', `node-${version}`)
  const bin = join('node_modules', 'node', 'bin')
  if (existsSync(join(folder, bin, 'node'))) return join(folder, bin)
  console.log(`Fetching Node ${version} from npm's registry into ${folder}, once.`)
  // Under another name until it is whole.
  const partly = `${folder}.${process.pid}`
  mkdirSync(partly, { recursive: true })
  try {
    writeFileSync(join(partly, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }))
    const { code, err } = await run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], partly)
    if (code !== 0) throw new Error(`Node ${version} cannot be had from npm's registry, which this test needs the first time:\n${err}`)
    if (!existsSync(folder)) renameSync(partly, folder)
  } finally {
    rmSync(partly, { recursive: true, force: true })
  }
  return join(folder, bin)
}
