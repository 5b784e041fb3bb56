import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Asks on the terminal; what is typed as a secret is not shown. */
export async function askPerson(what: string, secret: boolean): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  if (secret) process.stderr.write(`${what}: `)
  const asked = createInterface({ input: process.stdin, output: secret ? silent : process.stderr, terminal: true })
  // Ctrl-C at a question ends the command, as it does elsewhere.
  asked.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await asked.question(secret ? '' : `${what}: `)
  } finally {
    asked.close()
    if (secret) process.stderr.write('\n')
  }
}
