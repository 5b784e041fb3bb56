import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import { type DemoRemains, readDemoRemains } from './demo.store.ts'
import { type Addresses, hasDemo } from './first-steps.ts'
import { readMadeByDemo } from './made-by-demo.store.ts'

const missing = sql`
  select not exists (select from exchange.person where role = 'operator') as "operator",
    not exists (select from exchange.project where active) as "project"`

const END = 'deskbridge demo end'

/** What whoever started an exchange should know of the demo company's credentials, or do next; a sentence each. */
export async function readRemarks(queries: Queries, { demo, steps }: { demo: boolean; steps: Addresses }): Promise<string[]> {
  if (demo) return hasDemo(steps) ? [] : [elsewhere(steps.demoCredentialsIn)]
  const none = (await queries.row<{ operator: boolean; project: boolean }>(missing))!
  return [
    ...(await remaining(queries)),
    ...(none.operator ? ['Nobody of the operator may sign in yet. The first one: deskbridge operator add you@your-company.example'] : []),
    ...(none.project ? ['No partner may sign in yet. The first one: deskbridge partner add NAME'] : []),
  ]
}

function elsewhere(made: Addresses['demoCredentialsIn']): string {
  const where = made ? `in ${made.file} on ${made.host}` : 'in the first-steps.json of another data folder'
  return `The demo company's credentials were made before: they are ${where}, and none were added. If that file is gone: ${END}, then start again.`
}

async function remaining(queries: Queries): Promise<string[]> {
  const { projects, people } = await readDemoRemains(queries)
  if (!projects.length && !people.length) return []
  const made = await readMadeByDemo(queries)
  const persons = (all: DemoRemains['people']) => all.map(({ email, role }) => `${email} (${role})`)
  const secrets = projects.map(
    ({ partner, environment, secrets }) => `${secrets} ${secrets === 1 ? 'secret' : 'secrets'} of ${partner} in ${environment}`,
  )
  const others = [
    ...persons(made.people),
    ...made.secrets.map(
      ({ partner, environment, project, fingerprint }) => `secret ${fingerprint} of ${partner}, ${project} in ${environment}`,
    ),
  ]
  return [
    `This database still holds credentials of the demo company: ${[...secrets, ...persons(people)].join(', ')}. To end them: ${END}`,
    ...(others.length ? [`Its operator has made, and this stays until you end it: ${others.join(', ')}.`] : []),
  ]
}
