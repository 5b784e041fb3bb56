import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * The folder in which a person's commands keep what they need again, wherever they are called from: `$XDG_CONFIG_HOME/deskbridge`, else
 * `~/.config/deskbridge`. It need not be there yet. A relative XDG_CONFIG_HOME does not count (XDG Base Directory Specification).
 */
export function configurationFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CONFIG_HOME: given, HOME: home } = environment
  return join(given && isAbsolute(given) ? given : join(home || homedir(), '.config'), 'deskbridge')
}
