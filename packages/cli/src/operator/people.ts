import { inPath } from '../operating/exchange.ts'
import { type SubCommand, subCommand } from '../operating/sub-command.ts'
import { dayOf } from '../operating/words.ts'
import { askNewSecret } from '../process/ask-secret.ts'
import { columns } from '../process/columns.ts'
import { WrongUse } from '../process/wrong-use.ts'

interface Person {
  email: string
  made_at: string | null
  made_by: string | null
}

const ALL = '/operator/people'

/** Whoever may write to the database needs nobody's password. */
async function addHere(email: string) {
  if (!email.includes('@')) throw new WrongUse('EMAIL is an e-mail address: what the person signs in with.')
  const password = await askNewSecret(`Password of ${email}`)
  const { addOperatorHere, databaseOf, readSettings } = await import('@deskbridge/exchange')
  const settings = readSettings(process.env)
  await addOperatorHere(settings, { email, password })
  return { json: { email }, text: `${email} is a person of the operator, in ${databaseOf(settings)}.\n` }
}

/** The people of the operator. */
export const PEOPLE: readonly SubCommand[] = [
  subCommand({
    words: 'add',
    takes: ['EMAIL'],
    about: 'add a person of the operator: the first on the machine that reaches the database, later ones from anywhere',
    more: `With --as EMAIL, --exchange or DESKBRIDGE_EXCHANGE you ask a running exchange, as a person of it, with your password. Without, or with --here,
the person is added in the database itself: that of DATABASE_URL, else the one in the data folder (DESKBRIDGE_DATA, else ./data), whether its
exchange runs or not.
The password of the new person has at least 12 characters. Two passwords on standard input are two lines, yours first.`,
    personOnly: true,
    ifUnknown: 'Look with "deskbridge operator list"; if the person is there, its password is the one that you gave.',
    flags: { here: { about: 'in the database that this machine reaches, whatever DESKBRIDGE_EXCHANGE says' } },
    async run({ exchange, names: { EMAIL }, flags: { here, as, exchange: given } }) {
      const isAsked = as !== undefined || given !== undefined
      if (here && isAsked) throw new WrongUse('--here asks no exchange; leave --as and --exchange away.')
      if (here || !(isAsked || process.env.DESKBRIDGE_EXCHANGE)) return addHere(EMAIL)
      // Asked first: who may not do this is not asked for a password to give.
      await exchange.ask('GET', ALL)
      const password = await askNewSecret(`Password of ${EMAIL}`)
      const json = await exchange.ask('POST', ALL, { email: EMAIL, password })
      return { json, text: `${EMAIL} is a person of the operator.\n` }
    },
  }),
  subCommand({
    words: 'list',
    takes: [],
    about: 'the people of the operator, and who added them when',
    flags: {},
    async run({ exchange }) {
      const { result } = (await exchange.ask('GET', ALL)) as { result: Person[] }
      const rows = result.map(({ email, made_at, made_by }) => [email, dayOf(made_at), made_by ?? ''])
      return { json: result, text: columns([['E-MAIL', 'SINCE', 'ADDED BY'], ...rows]) }
    },
  }),
  subCommand({
    words: 'password',
    takes: ['EMAIL'],
    about: 'give a person another password; the old one opens nothing from then on',
    personOnly: true,
    flags: {},
    async run({ exchange, names: { EMAIL } }) {
      await exchange.ask('GET', ALL)
      const password = await askNewSecret(`New password of ${EMAIL}`)
      const json = await exchange.ask('PUT', `${ALL}/${inPath(EMAIL)}/password`, { password })
      return { json, text: `${EMAIL} has another password.\n` }
    },
  }),
  subCommand({
    words: 'remove',
    takes: ['EMAIL'],
    about: 'remove a person, and end the tokens that it made; the last person stays',
    personOnly: true,
    flags: {},
    async run({ exchange, names: { EMAIL } }) {
      const json = (await exchange.ask('DELETE', `${ALL}/${inPath(EMAIL)}`)) as { ended_tokens: string[] }
      const tokens = json.ended_tokens.length ? ` The tokens it had made are ended: ${json.ended_tokens.join(', ')}.` : ''
      return { json, text: `${EMAIL} is removed.${tokens}\n` }
    },
  }),
]
