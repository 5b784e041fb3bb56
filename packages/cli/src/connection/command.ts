import { parseArgs } from 'node:util'
import { rotateKeyOfFolder, type SavedConnections, type ShownConnection, SIGN_IN_WAYS } from '@deskbridge/servicenow'
import { runOrExplain } from '../connecting/connection-of.ts'
import { connectionsFolder, openSavedConnections } from '../connecting/saved-connections.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { CREDENTIAL_OPTIONS, SOURCES } from './given-credentials.ts'
import { add, rotate, type SaveOptions, type Saving } from './save.ts'
import { connectionTable } from './shown.ts'

const USAGE = `deskbridge connection add NAME --url ADDRESS [--environment sandbox] [--way WAY] [--user-name …] [--client-id …]
                      [--certificate FILE --certificate-key FILE] [--ca FILE] [--stdin] [--no-check] [--json]
deskbridge connection list | show NAME | remove NAME [--json]
deskbridge connection rotate NAME [--way WAY] […as with add]   new credentials, checked first; the old ones stay until they are retired
deskbridge connection back NAME      takes the credentials of before the rotation into use again
deskbridge connection retire NAME    forgets the credentials of before the rotation
deskbridge connection new-key        makes a new key and seals all credentials with it

Ways of signing in; without --way it is found by what is given:
${SIGN_IN_WAYS.map(({ way, about }) => `  ${way.padEnd(20)}${about}`).join('\n')}

${SOURCES}`

interface Verb {
  /** Whether a name follows. */
  named: boolean
  run: (saved: SavedConnections, name: string, options: SaveOptions) => Promise<Saving | ShownConnection | ShownConnection[] | string>
}

const VERBS: Readonly<Record<string, Verb>> = {
  list: { named: false, run: saved => saved.list() },
  show: { named: true, run: (saved, name) => saved.show(name) },
  add: { named: true, run: add },
  rotate: { named: true, run: rotate },
  back: { named: true, run: (saved, name) => saved.back(name) },
  retire: { named: true, run: (saved, name) => saved.retire(name) },
  remove: { named: true, run: (saved, name) => saved.remove(name).then(() => `"${name}" is forgotten.\n`) },
  'new-key': { named: false, run: rotateKey },
}

/** `deskbridge connection`: the connections that are saved on this machine. */
export async function runConnection(args: readonly string[]): Promise<number> {
  const { verb, name, values } = readArguments(args)
  const answer = await runOrExplain(async () => verb.run(await openSavedConnections(process.env), name, values))
  const text = () => (typeof answer === 'string' ? answer : connectionTable('connection' in answer ? [answer.connection] : [answer].flat()))
  process.stdout.write(values.json ? `${JSON.stringify(typeof answer === 'string' ? { done: answer.trim() } : answer, null, 2)}\n` : text())
  return typeof answer === 'object' && 'examination' in answer && answer.examination?.ok === false ? 1 : 0
}

async function rotateKey(): Promise<string> {
  const count = await rotateKeyOfFolder(connectionsFolder(process.env), process.env)
  return `${count} ${count === 1 ? 'connection is' : 'connections are'} sealed with ${process.env.DESKBRIDGE_KEY ? 'DESKBRIDGE_KEY; DESKBRIDGE_OLD_KEY is needed no more' : 'the new key'}.\n`
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        ...(CREDENTIAL_OPTIONS as Record<string, { type: 'string' }>),
        url: { type: 'string' },
        environment: { type: 'string', default: 'sandbox' },
        way: { type: 'string' },
        stdin: { type: 'boolean', default: false },
        check: { type: 'boolean', default: true },
        json: { type: 'boolean', default: false },
      },
    })
    const [word = '', name, ...more] = positionals
    const verb = VERBS[word]
    if (!verb) throw new TypeError(word ? `There is no "connection ${word}"` : 'What about the connections?')
    if (more.length > 0 || verb.named !== (name !== undefined))
      throw new TypeError(verb.named ? `"${word}" needs one name` : `"${word}" takes no name`)
    return { verb, name: name ?? '', values: values as SaveOptions }
  } catch (error) {
    throw wrongUsage((error as Error).message)
  }
}

const wrongUsage = (problem: string) => new CannotStart(`${problem}\nUsage: ${USAGE}`)
