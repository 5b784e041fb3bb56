import { SETTINGS } from '../../packages/exchange/src/settings.ts'
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
  )
}
