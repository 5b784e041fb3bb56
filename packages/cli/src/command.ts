import { CannotStart } from '@deskbridge/exchange'
import { instance } from './instance.ts'
import { smoke } from './smoke.ts'
import { start } from './start.ts'

interface Command {
  about: string
  run: (args: readonly string[]) => Promise<number>
}

const COMMANDS: Record<string, Command> = {
  start: { about: 'start the exchange with its practice instances (settings: environment variables)', run: start },
  instance: { about: 'start a practice instance alone: --port 8081, --schema production, --empty', run: instance },
  smoke: { about: 'tell a whole story to the system that runs: --first-steps ./data/first-steps.json', run: smoke },
}

/** Runs one command; the result is the exit code. Problems are told in a sentence. */
export async function run([name = '', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS[name]
  if (!command) {
    const help = ['--help', 'help', '-h', ''].includes(name)
    const lines = Object.entries(COMMANDS).map(([word, { about }]) => `  deskbridge ${word.padEnd(9)} ${about}`)
    const text = `${help ? '' : `There is no command "${name}".\n\n`}Commands:\n${lines.join('\n')}\n`
    ;(help ? process.stdout : process.stderr).write(text)
    return help ? 0 : 2
  }
  try {
    return await command.run(args)
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}
