import { type Exchange, inPath } from '../operating/exchange.ts'
import { type SubCommand, subCommand } from '../operating/sub-command.ts'
import { dayOf } from '../operating/words.ts'
import { columns } from '../process/columns.ts'

interface Partner {
  name: string
  made_at: string
  suspended_at: string | null
  environments: {
    environment: string
    says: string
    organisation: string | null
    agreement_changed_at: string | null
    projects: number
    secrets: number
    unread_updates: number
  }[]
}

const ALL = '/operator/partners'

/** The partners themselves. A partner is never removed: its history stays. */
export const PARTNERS: readonly SubCommand[] = [
  subCommand({
    words: 'add',
    takes: ['NAME'],
    about: 'make a partner; it waits for an agreement, a project and a secret. It is never removed, but suspended: its history stays',
    ifUnknown: 'Look with "deskbridge partner list"; if it is there, go on with it.',
    flags: {},
    async run({ exchange, names: { NAME } }) {
      const { result } = (await exchange.ask('POST', ALL, { name: NAME })) as { result: Partner }
      return { json: result, text: `${result.name} is a partner.\n${environmentsOf(result)}` }
    },
  }),
  subCommand({
    words: 'list',
    takes: [],
    about: 'the partners: what each can do in each environment, or what it waits for',
    flags: {},
    async run({ exchange }) {
      const partners: Partner[] = []
      for (let page: Partner[] = await readPage(); page.length; page = await readPage()) partners.push(...page)
      const rows = partners.map(({ name, environments }) => [name, ...environments.map(({ says }) => says)])
      const text = rows.length ? columns([['PARTNER', 'SANDBOX', 'PRODUCTION'], ...rows]) : 'There is no partner yet: partner add NAME.\n'
      return { json: partners, text }

      async function readPage(): Promise<Partner[]> {
        return (await exchange.ask('GET', `${ALL}?after=${inPath(partners.at(-1)?.name ?? '')}`)).result
      }
    },
  }),
  subCommand({
    words: 'show',
    takes: ['NAME'],
    about: 'one partner: what it can do in each environment or waits for, what is there of it, what waits in its queue',
    flags: {},
    async run({ exchange, names: { NAME } }) {
      const { result } = (await exchange.ask('GET', `${ALL}/${inPath(NAME)}`)) as { result: Partner }
      return {
        json: result,
        text: `${result.name}, a partner since ${dayOf(result.made_at)} UTC\n${environmentsOf(result)}${doorsOf(exchange)}`,
      }
    },
  }),
  turned('suspend', 'its tokens and secrets open nothing from now on; its updates are kept, and what was accepted is finished'),
  turned('resume', 'let a suspended partner in again; its updates wait for it'),
]

function turned(words: 'suspend' | 'resume', about: string): SubCommand {
  return subCommand({
    words,
    takes: ['NAME'],
    about,
    flags: {},
    async run({ exchange, names: { NAME } }) {
      const { result } = (await exchange.ask('POST', `${ALL}/${inPath(NAME)}/${words}`, {})) as { result: Partner }
      return { json: result, text: `${result.name} is ${words === 'suspend' ? 'suspended' : 'let in'}.\n${environmentsOf(result)}` }
    },
  })
}

/** Where its systems go, by the address that this command was given. */
const doorsOf = ({ url }: Pick<Exchange, 'url'>) =>
  `Tokens: ${url}/oauth/client_credential/accesstoken\nConnect API: ${url}/network/kpn/servicenow\n`

function environmentsOf({ environments }: Partner): string {
  const rows = environments.map(one => [
    one.environment,
    one.says,
    one.organisation ?? '',
    one.agreement_changed_at ? dayOf(one.agreement_changed_at) : 'none',
    String(one.projects),
    String(one.secrets),
    String(one.unread_updates),
  ])
  return columns([['ENVIRONMENT', 'STATE', 'ORGANISATION', 'AGREEMENT OF', 'PROJECTS', 'SECRETS', 'UNREAD UPDATES'], ...rows])
}
