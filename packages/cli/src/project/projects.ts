import { type SubCommand, subCommand } from '../operating/sub-command.ts'
import { dayOf } from '../operating/words.ts'
import { columns } from '../process/columns.ts'
import { askForProject, askForProjects, ENVIRONMENT_FLAG, PROJECT_NAMES, type Project, pathOf, type Secret } from './find-project.ts'

/** The projects of partners: each has a client id, in one environment. */
export const PROJECTS: readonly SubCommand[] = [
  subCommand({
    words: 'add',
    takes: ['PARTNER', 'NAME'],
    about: 'make a project: a client id for a system of a partner',
    ifUnknown: 'Look with "deskbridge project list"; if it is there, go on with it.',
    more: 'read-once: an update counts as told when it was answered. acknowledge: when the partner has acknowledged it, so that none is lost.',
    flags: {
      environment: { choices: ['sandbox', 'production'], required: true, about: 'its credentials reach this environment alone' },
      delivery: { choices: ['read-once', 'acknowledge'], about: 'how its updates move on; without it read-once, as KPN’s API has it' },
    },
    async run({ exchange, names: { PARTNER, NAME }, flags: { environment, delivery } }) {
      const body = { partner: PARTNER, name: NAME, environment, ...(delivery ? { delivery } : {}) }
      const json = (await exchange.ask('POST', '/operator/projects', body)) as Project
      return { json, text: `${projectTable([json])}"deskbridge project secret add" gives it a secret.\n` }
    },
  }),
  subCommand({
    words: 'list',
    takes: [],
    about: 'the projects, with the fingerprints of their secrets and their last use',
    flags: {
      partner: { value: 'NAME', about: 'of this partner alone' },
      environment: { choices: ['sandbox', 'production'], about: 'in this environment alone' },
      all: { about: 'also projects that are ended, and secrets that were so within the last month' },
    },
    async run({ exchange, flags: { partner, environment, all } }) {
      const projects = (await askForProjects(exchange, { partner, environment })).filter(({ ended }) => all || !ended)
      return { json: projects, text: projectTable(projects, all) }
    },
  }),
  subCommand({
    words: 'end',
    takes: PROJECT_NAMES,
    about: 'end a project for good: its secrets and tokens open nothing from then on',
    flags: ENVIRONMENT_FLAG,
    async run({ exchange, names, flags: { environment } }) {
      const json = (await exchange.ask('POST', pathOf(await askForProject(exchange, names, environment), 'end'), {})) as Project
      return { json, text: `The project "${json.name}" of ${json.partner} in ${json.environment} is ended.\n` }
    },
  }),
]

function projectTable(projects: readonly Project[], all = false): string {
  const rows = projects.map(one => [
    one.partner,
    one.environment,
    one.name,
    one.client_id,
    one.ended ? 'ended' : one.delivery,
    one.secrets
      .filter(({ state }) => all || state === 'good')
      .map(secretWords)
      .join('; ') || 'none',
  ])
  return columns([['PARTNER', 'ENVIRONMENT', 'PROJECT', 'CLIENT ID', 'DELIVERY', 'SECRETS'], ...rows])
}

function secretWords({ fingerprint, made_at, ends_at, last_used_at, state }: Secret): string {
  const end = state === 'good' ? (ends_at ? `, ends ${dayOf(ends_at)}` : '') : `, ${state}`
  return `${fingerprint} (made ${dayOf(made_at)}, ${last_used_at ? `used ${dayOf(last_used_at)}` : 'never used'}${end})`
}
