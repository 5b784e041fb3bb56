import { durationSeconds } from '../operating/duration.ts'
import { inPath } from '../operating/exchange.ts'
import { placeOfSavedToken } from '../operating/saved-tokens.ts'
import { OUT_FLAG, withPlace, withSecretPlace } from '../operating/secret-place.ts'
import { type SubCommand, subCommand } from '../operating/sub-command.ts'
import type { HandOver } from '../operating/waiting-file.ts'
import { dayOf } from '../operating/words.ts'
import { columns } from '../process/columns.ts'
import { WrongUse } from '../process/wrong-use.ts'

interface Token {
  name: string
  scope: string
  made_by: string
  ends_at: string
  last_used_at: string | null
}

const ALL = '/operator/tokens'

/** The tokens that programs, and this command line, ask the operator's API with. */
export const TOKENS: readonly SubCommand[] = [
  subCommand({
    words: 'token add',
    takes: ['NAME'],
    about: 'make a token: for a program, or with --save for this command line',
    more: `You sign in with your password. The token is shown once. A token of scope read may only look; one of scope write may do
everything but what changes who may enter: people and tokens. It ends by itself, and when you are removed.`,
    personOnly: true,
    ifUnknown: 'Look with "deskbridge operator token list"; if it is there, end it with "deskbridge operator token revoke".',
    flags: {
      scope: { choices: ['read', 'write'], required: true, about: 'what it may do' },
      for: { value: 'TIME', required: true, about: 'for how long it is good: 90d, 12h, 2w; 366d at most' },
      save: { about: 'save it for this command line, in your configuration folder, instead of showing it' },
      ...OUT_FLAG,
    },
    run({ exchange, names: { NAME }, flags: { scope, for: time, save, out } }) {
      const seconds = durationSeconds('for', time)
      if (save && out) throw new WrongUse('--save and --out are two places for one token; name one.')
      const make = async (handOver: HandOver) => {
        const { token, ...made } = await exchange.ask('POST', ALL, { name: NAME, scope, seconds })
        const { text, json } = handOver(token)
        return { json: { ...made, ...json }, text: `The token "${NAME}" may ${scope} until ${dayOf(made.ends_at)} UTC.\n${text}` }
      }
      return save ? withPlace(exchange, () => placeOfSavedToken(exchange.url), make) : withSecretPlace(exchange, out, make)
    },
  }),
  subCommand({
    words: 'token list',
    takes: [],
    about: 'the tokens that are good: who made them, until when, when last used',
    flags: {},
    async run({ exchange }) {
      const { result } = (await exchange.ask('GET', ALL)) as { result: Token[] }
      const rows = result.map(one => [one.name, one.scope, one.made_by, dayOf(one.ends_at), dayOf(one.last_used_at) || 'never'])
      return { json: result, text: columns([['NAME', 'SCOPE', 'MADE BY', 'ENDS (UTC)', 'LAST USED'], ...rows]) }
    },
  }),
  subCommand({
    words: 'token revoke',
    takes: ['NAME'],
    about: 'end a token at once',
    personOnly: true,
    flags: {},
    async run({ exchange, names: { NAME } }) {
      const json = await exchange.ask('DELETE', `${ALL}/${inPath(NAME)}`)
      return { json, text: `The token "${NAME}" opens nothing any more.\n` }
    },
  }),
]
