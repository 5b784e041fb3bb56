import { type ChildProcess, spawn } from 'node:child_process'
import { COMMAND, NODE } from './command.ts'

/** What came of one command. */
export interface Typed {
  readonly code: number
  /** Standard output and standard error. */
  readonly output: string
}

/** A shell at which somebody types one command after the other; `npx deskbridge` is the command of this checkout. */
export class Shell {
  readonly #process: ChildProcess
  #output = ''
  #look = () => {}
  #ended = () => {}
  #typed = 0

  /** @param folder where it begins */
  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.#process = spawn('sh', [], {
      cwd: folder,
      env: { PATH: process.env.PATH, DESKBRIDGE_DATA: folder, ...environment },
      stdio: 'pipe',
    })
    this.#process.once('close', () => this.#ended())
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
        this.#look()
      })
  }

  /** Types a command, and waits until it is done. */
  async type(command: string): Promise<Typed> {
    const end = `done ${++this.#typed}:`
    const begin = this.#output.length
    this.#process.stdin!.write(
      `{ ${command.replaceAll('npx deskbridge', `"${NODE}" "${COMMAND}"`)}\n} 2>&1 < /dev/null; printf '\\n${end}%s\\n' $?\n`,
    )
    const found = await new Promise<RegExpExecArray>((done, failed) => {
      this.#look = () => {
        const there = new RegExp(`\n${end}(\\d+)\n`).exec(this.#output.slice(begin))
        if (there) done(there)
      }
      this.#look()
      this.#ended = () => failed(new Error(`The shell ended. Its output:\n${this.#output.slice(begin)}`))
    })
    return { code: Number(found[1]), output: this.#output.slice(begin, begin + found.index) }
  }

  /** The value of one of its variables. */
  async variable(name: string): Promise<string> {
    return (await this.type(`echo "$${name}"`)).output.trim()
  }

  end(): void {
    this.#process.kill()
  }
}
