import { SETTINGS } from '../../packages/exchange/src/settings.ts'
import { CREDENTIALS } from '../../packages/servicenow/src/index.ts'
import { code, page, table } from './markdown.ts'

export function settingsPage(): string {
  return page(
    'Settings',
    '`packages/exchange/src/settings.ts`',
    'Environment variables, read once when Deskbridge starts. All problems are told together. An empty value counts as not given.',
    table(
      ['variable', 'kind', 'default', 'what it is', 'secret'],
      SETTINGS.map(({ variable, kind, fallback, about, secret }) => [code(variable), kind, code(fallback), about, secret ? 'yes' : '']),
    ),
    '## For every command but `start`',
    table(
      ['variable', 'what it is'],
      [
        [
          code('XDG_CONFIG_HOME'),
          'what the command line keeps for a person (saved connections and their key) lies in its folder `deskbridge`; by default `~/.config/deskbridge`. A path that is not absolute does not count',
        ],
      ],
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
