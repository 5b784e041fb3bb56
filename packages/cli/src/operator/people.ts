import { inPath } from '../operating/exchange.ts'
import { type SubCommand, subCommand } from '../operating/sub-command.ts'
import { dayOf } from '../operating/words.ts'
import { askNewSecret } from '../process/ask-secret.ts'
import { columns } from '../process/columns.ts'

interface Person {
  email: string
  made_at: string | null
  made_by: string | null
}

const ALL = '/operator/people'

/** The people of the operator. */
export const PEOPLE: readonly SubCommand[] = [
  subCommand({
    words: 'add',
    takes: ['EMAIL'],
    about: 'add a person of the operator',
    personOnly: true,
    flags: {},
    async run({ exchange, names: { EMAIL } }) {
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
