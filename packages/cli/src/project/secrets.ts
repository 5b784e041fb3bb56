import { durationSeconds } from '../operating/duration.ts'
import type { Exchange } from '../operating/exchange.ts'
import { inPath } from '../operating/exchange.ts'
import { OUT_FLAG, withSecretPlace } from '../operating/secret-place.ts'
import { type Shown, type SubCommand, subCommand } from '../operating/sub-command.ts'
import type { HandOver } from '../operating/waiting-file.ts'
import { dayOf } from '../operating/words.ts'
import { askForProject, ENVIRONMENT_FLAG, PROJECT_NAMES, type Project, pathOf } from './find-project.ts'

const LOOK_AND_REVOKE = 'Look with "deskbridge project list"; end a secret that you do not have with "deskbridge project secret revoke".'

/** The secrets of projects: several may be good at once, so that a partner changes without a gap. */
export const SECRETS: readonly SubCommand[] = [
  subCommand({
    words: 'secret add',
    takes: PROJECT_NAMES,
    about: 'give a project one more secret; it is shown once',
    ifUnknown: LOOK_AND_REVOKE,
    flags: { ...ENVIRONMENT_FLAG, ...OUT_FLAG },
    run: ({ exchange, names, flags: { environment, out } }) =>
      withSecretPlace(exchange, out, async handOver => {
        const project = await askForProject(exchange, names, environment)
        return made(await exchange.ask('POST', pathOf(project, 'secrets'), {}), handOver)
      }),
  }),
  subCommand({
    words: 'secret rotate',
    takes: PROJECT_NAMES,
    about: 'give it a new secret, and let all others end after a time, with their tokens',
    ifUnknown: LOOK_AND_REVOKE,
    flags: {
      'old-ends': { value: 'TIME', about: 'when the others end: 7d (so without it), 12h, or 0 for at once' },
      ...ENVIRONMENT_FLAG,
      ...OUT_FLAG,
    },
    run({ exchange, names, flags: { environment, out, 'old-ends': oldEnds = '7d' } }) {
      const seconds = durationSeconds('old-ends', oldEnds)
      return withSecretPlace(exchange, out, async handOver => {
        const project = await askForProject(exchange, names, environment)
        return made(await exchange.ask('POST', pathOf(project, 'secrets/rotate'), { others_end_in_seconds: seconds }), handOver)
      })
    },
  }),
  subCommand({
    words: 'secret revoke',
    takes: [...PROJECT_NAMES, 'FINGERPRINT'],
    about: 'end a secret at once, with the tokens that were got with it; "project list" shows fingerprints',
    flags: ENVIRONMENT_FLAG,
    run: ({ exchange, names, flags: { environment } }) => revoke(exchange, names, environment),
  }),
]

function made({ secret, fingerprint, project }: { secret: string; fingerprint: string; project: Project }, handOver: HandOver): Shown {
  const { text, json } = handOver(secret)
  const others = project.secrets.filter(one => one.state === 'good' && one.fingerprint !== fingerprint)
  const beside = others.map(one => `Beside it ${one.fingerprint} is good${one.ends_at ? ` until ${dayOf(one.ends_at)} UTC` : ''}.\n`)
  return {
    json: { ...json, fingerprint, client_id: project.client_id, project },
    text: `Client id ${project.client_id}, secret ${fingerprint}: ${project.name} of ${project.partner} in ${project.environment}.\n${text}${beside.join('')}`,
  }
}

async function revoke(
  exchange: Exchange,
  names: Readonly<Record<'PARTNER' | 'PROJECT' | 'FINGERPRINT', string>>,
  environment: string | undefined,
): Promise<Shown> {
  const project = await askForProject(exchange, names, environment)
  const json = await exchange.ask('DELETE', pathOf(project, `secrets/${inPath(names.FINGERPRINT)}`))
  return { json, text: `The secret ${names.FINGERPRINT} and its tokens open nothing any more.\n` }
}
