import { runSubCommand } from '../operating/run-sub-command.ts'
import { PROJECTS } from './projects.ts'
import { SECRETS } from './secrets.ts'

/** `deskbridge project`: what the systems of partners sign in with. */
export const runProject = (args: readonly string[]): Promise<number> =>
  runSubCommand(
    { command: 'project', about: 'the projects of partners, and the secrets their systems sign in with', rows: [...PROJECTS, ...SECRETS] },
    args,
  )
