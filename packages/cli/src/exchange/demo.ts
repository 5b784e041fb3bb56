import { type DemoEnded, databaseOf, endDemo, readSettings } from '@deskbridge/exchange'

const USAGE = `Usage: deskbridge demo end
Ends the credentials of the demo company in the database of DATABASE_URL, or in that of the data folder, whether its exchange runs or not.
`

/** `deskbridge demo end`: the demo company's secrets, tokens and people open nothing any more, in every running exchange. Its tickets stay. */
export async function runDemo(args: readonly string[]): Promise<number> {
  if (args.some(word => ['--help', '-h'].includes(word))) {
    process.stdout.write(USAGE)
    return 0
  }
  if (args.join(' ') !== 'end') {
    process.stderr.write(USAGE)
    return 2
  }
  const settings = readSettings(process.env)
  process.stdout.write(said(await endDemo(settings), databaseOf(settings)))
  return 0
}

function said({ projects, people, left }: DemoEnded, where: string): string {
  const lines = [
    ...projects.map(({ partner, environment, secrets }) => `  ${partner}, ${environment}: ${secrets} client secret(s) revoked`),
    ...people.map(({ email, role }) => `  ${email} (${role}): removed`),
  ]
  const ended = lines.length
    ? `Ended in ${where}, with every token of theirs:\n${lines.join('\n')}\nA start with DESKBRIDGE_DEMO=yes makes new ones; to have none, start with DESKBRIDGE_DEMO=no.\n`
    : `There were no credentials of the demo company in ${where}.\n`
  return `${ended}${saidOfTheRest(left)}`
}

/** What the demo operator made for others may be in use for real: a person decides. */
function saidOfTheRest({ people, secrets }: DemoEnded['left']): string {
  const lines = [
    ...people.map(({ email }) => `  deskbridge operator remove ${email}`),
    ...secrets.map(
      ({ partner, environment, project, fingerprint }) =>
        `  deskbridge project secret revoke "${partner}" "${project}" ${fingerprint} --environment ${environment}`,
    ),
  ]
  return lines.length ? `Its operator has made what is still good. Look at each; what nobody needs is ended so:\n${lines.join('\n')}\n` : ''
}
