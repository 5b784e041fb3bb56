import { spawn } from 'node:child_process'
import { COMMAND, NODE } from './command.ts'

/** What came of a command that somebody typed, standard output and standard error apart. */
export interface Typed {
  code: number | null
  stdout: string
  stderr: string
}

/** What somebody types, with what they pipe into it; nobody sits at a terminal. */
export function typeCommand(args: readonly string[], environment: Readonly<Record<string, string>>, input = ''): Promise<Typed> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(NODE, [COMMAND, ...args], { env: { PATH, HOME, ...environment } })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    said.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    said.stderr += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((done, failed) => child.once('error', failed).once('close', code => done({ code, ...said })))
}
