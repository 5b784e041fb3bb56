import { type DemoEnded, endDemo, readSettings } from '@deskbridge/exchange'

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
  process.stdout.write(said(await endDemo(readSettings(process.env))))
  return 0
}

function said({ projects, people }: DemoEnded): string {
  const lines = [
    ...projects.map(({ partner, environment, secrets }) => `  ${partner}, ${environment}: ${secrets} client secret(s) revoked`),
    ...people.map(({ email, role }) => `  ${email} (${role}): removed`),
  ]
  if (!lines.length) return 'There were no credentials of the demo company in this database.\n'
  return `Ended, with every token of theirs:\n${lines.join('\n')}\nA start with DESKBRIDGE_DEMO=yes makes new ones; to have none, start with DESKBRIDGE_DEMO=no.\n`
}
