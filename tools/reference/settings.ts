import { SETTINGS } from '../../packages/exchange/src/settings.ts'
import { CREDENTIALS } from '../../packages/servicenow/src/index.ts'
import { code, page, table } from './markdown.ts'

/** What the command line reads beside the settings of `start`. */
export const OF_COMMANDS: readonly { variable: string; about: string; secret?: true }[] = [
  {
    variable: 'XDG_CONFIG_HOME',
    about:
      'what the command line keeps for a person (saved connections and their key, tokens of the operator) lies in its folder `deskbridge`; by default `~/.config/deskbridge`. A path that is not absolute does not count',
  },
  {
    variable: 'DESKBRIDGE_EXCHANGE',
    about: 'which exchange `operator`, `partner` and `project` ask, where no `--exchange` is given; by default http://127.0.0.1:8080',
  },
  {
    variable: 'DESKBRIDGE_OPERATOR_TOKEN',
    about: 'a token of the operator that they sign in with; else the one that is saved for that exchange',
    secret: true,
  },
  {
    variable: 'DESKBRIDGE_INSTANCE_PASSWORD',
    about: 'password of all people of a practice instance that `deskbridge instance` starts; else one is made, in the file that it names',
    secret: true,
  },
  {
    variable: 'DESKBRIDGE_MCP_TOKEN',
    about: 'what an assistant sends to `deskbridge mcp --http`; else one is made, in the file that it names',
    secret: true,
  },
]

export function settingsPage(): string {
  return page(
    'Settings',
    '`packages/exchange/src/settings.ts`',
    'Environment variables, read once when Deskbridge starts. All problems are told together. An empty value counts as not given.',
    table(
      ['variable', 'kind', 'default', 'what it is', 'secret'],
      SETTINGS.map(({ variable, kind, fallback, about, secret }) => [code(variable), kind, code(fallback), about, secret ? 'yes' : '']),
    ),
    '## For the command line',
    table(
      ['variable', 'what it is', 'secret'],
      OF_COMMANDS.map(({ variable, about, secret }) => [code(variable), about, secret ? 'yes' : '']),
    ),
    '## For commands that work with one instance',
    'Read by `deskbridge doctor` and other commands that are given no `--connection NAME`, and by `deskbridge connection add` and `rotate`. The way of signing in is found by what is given.',
    table(
      ['variable', 'what it is', 'secret'],
      [
        [
          code('SERVICENOW_INSTANCE_URL'),
          'address of the instance as it is pasted: dev12345, dev12345.service-now.com, or copied from a browser',
          '',
        ],
        ...CREDENTIALS.map(({ variable, about, secret, file }) => [
          code(variable),
          file ? `path of a file: ${about}` : about,
          secret && !file ? 'yes' : '',
        ]),
      ],
    ),
  )
}
