import { runSubCommand } from '../operating/run-sub-command.ts'
import { PEOPLE } from './people.ts'
import { TOKENS } from './tokens.ts'

/** `deskbridge operator`: who administers the exchange. */
export const runOperator = (args: readonly string[]): Promise<number> =>
  runSubCommand({ command: 'operator', about: 'the people and tokens that administer the exchange', rows: [...PEOPLE, ...TOKENS] }, args)
