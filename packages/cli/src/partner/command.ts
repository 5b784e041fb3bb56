import { runSubCommand } from '../operating/run-sub-command.ts'
import { AGREEMENT } from './agreement.ts'
import { PARTNERS } from './partners.ts'

/** `deskbridge partner`: who exchanges tickets with the operator, and what each may exchange. */
export const runPartner = (args: readonly string[]): Promise<number> =>
  runSubCommand({ command: 'partner', about: 'the partners, and their agreements', rows: [...PARTNERS, AGREEMENT] }, args)
