import { CannotStart } from './process/cannot-start.ts'
import { findOutputFailure, goOnWhenNobodyReads } from './process/nobody-reads.ts'

interface Command {
  about: string
  run: (args: readonly string[]) => Promise<number>
}

/** Each command brings its own packages: a practice instance alone does not wait for the exchange to be read (measured: 0.4 s of CPU). */

const COMMANDS: Record<string, Command> = {
  start: {
    about: 'start the exchange with its practice instances (settings: environment variables)',
    run: async args => (await import('./exchange/start.ts')).runStart(args),
  },
  'after-restore': {
    about: 'the database was restored: "after-restore --since 2026-01-31T10:00:00Z"; what it lacks is looked for before it is written',
    run: async args => (await import('./exchange/after-restore.ts')).runAfterRestore(args),
  },
  demo: {
    about: '"demo end" ends the credentials of the demo company, in every running exchange',
    run: async args => (await import('./exchange/demo.ts')).runDemo(args),
  },
  instance: {
    about: 'start a practice instance alone: --port 8081, --empty, --seed FILE; "instance reset" restores its records',
    run: async args => (await import('./instance/command.ts')).runInstance(args),
  },
  operator: {
    about: 'who administers the exchange: people and tokens ("operator --help")',
    run: async args => (await import('./operator/command.ts')).runOperator(args),
  },
  partner: {
    about: 'the partners and their agreements: "partner add NAME", "partner agreement NAME …" ("partner --help")',
    run: async args => (await import('./partner/command.ts')).runPartner(args),
  },
  project: {
    about: 'the projects of partners, and the secrets their systems sign in with ("project --help")',
    run: async args => (await import('./project/command.ts')).runProject(args),
  },
  connection: {
    about: 'save, list, rotate and remove connections to instances: "connection add NAME --url …"',
    run: async args => (await import('./connection/command.ts')).runConnection(args),
  },
  doctor: {
    about: 'look at a connection without changing anything, and say what to change: --connection NAME, --json',
    run: async args => (await import('./doctor/command.ts')).runDoctor(args),
  },
  action: {
    about: 'ask an instance for something: "action list", "action describe NAME", "action run NAME …"',
    run: async args => (await import('./action/command.ts')).runActionCommand(args),
  },
  mcp: {
    about: 'the same actions as tools of an assistant (MCP): --read-only, --http PORT, --connection NAME',
    run: async args => (await import('./mcp/command.ts')).runMcp(args),
  },
  smoke: {
    about: 'tell a whole story to the system that runs: --first-steps ./data/first-steps.json',
    run: async args => (await import('./smoke/command.ts')).runSmoke(args),
  },
}

/** Runs one command; the result is the exit code. Problems are told in a sentence. */
export async function run([name = '', ...args]: readonly string[]): Promise<number> {
  goOnWhenNobodyReads()
  const code = await runCommand(name, args)
  const failure = await findOutputFailure()
  if (failure) process.stderr.write(`Standard output could not be written: ${failure.message}. What was to be said there is not whole.\n`)
  return failure && code === 0 ? 1 : code
}

async function runCommand(name: string, args: readonly string[]): Promise<number> {
  const command = COMMANDS[name]
  if (!command) {
    const help = ['--help', 'help', '-h', ''].includes(name)
    const lines = Object.entries(COMMANDS).map(([word, { about }]) => `  deskbridge ${word.padEnd(13)} ${about}`)
    const text = `${help ? '' : `There is no command "${name}".\n\n`}Commands:\n${lines.join('\n')}\n`
    ;(help ? process.stdout : process.stderr).write(text)
    return help ? 0 : 2
  }
  try {
    return await command.run(args)
  } catch (error) {
    const sentence = sentenceOf(error)
    if (sentence === undefined) throw error
    process.stderr.write(`${sentence}\n`)
    return 1
  }
}

/** What a person can do something about is told in a sentence; anything else with its stack. */
function sentenceOf(error: unknown): string | undefined {
  // By name: the exchange's own class is only there when the exchange is.
  return error instanceof Error && error.constructor.name === CannotStart.name ? error.message : undefined
}
