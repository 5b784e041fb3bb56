import { parseArgs } from 'node:util'
import { ENVIRONMENTS, rotateKeyOfFolder, type ShownConnection, SIGN_IN_WAYS } from '@deskbridge/servicenow'
import { CannotStart } from './cannot-start.ts'
import { CREDENTIAL_OPTIONS, givenCredentials, SOURCES } from './connection/given-credentials.ts'
import { table } from './connection/shown.ts'
import { connectionsFolder, savedConnections, toSentence } from './connection-of.ts'

const USAGE = `deskbridge connection add NAME --url ADDRESS [--environment sandbox] [--way WAY] [--user-name …] [--client-id …]
                      [--certificate FILE --certificate-key FILE] [--ca FILE] [--stdin] [--json]
deskbridge connection list | show NAME | remove NAME [--json]
deskbridge connection rotate NAME [--way WAY] […as with add]   new credentials; the old ones stay until they are retired
deskbridge connection back NAME      takes the credentials of before the rotation into use again
deskbridge connection retire NAME    forgets the credentials of before the rotation
deskbridge connection new-key        makes a new key and seals all credentials with it

Ways of signing in; without --way it is found by what is given:
${SIGN_IN_WAYS.map(({ way, about }) => `  ${way.padEnd(20)}${about}`).join('\n')}

${SOURCES}`

type Options = ReturnType<typeof read>
type Saved = ReturnType<typeof savedConnections>

interface Verb {
  /** Whether a name follows. */
  named: boolean
  run: (saved: Saved, name: string, options: Options['values']) => Promise<ShownConnection | ShownConnection[] | string>
}

const VERBS: Readonly<Record<string, Verb>> = {
  list: { named: false, run: saved => saved.list() },
  show: { named: true, run: (saved, name) => saved.show(name) },
  add: { named: true, run: add },
  rotate: { named: true, run: async (saved, name, options) => rotate(saved, name, options) },
  back: { named: true, run: (saved, name) => saved.back(name) },
  retire: { named: true, run: (saved, name) => saved.retire(name) },
  remove: { named: true, run: (saved, name) => saved.remove(name).then(() => `"${name}" is forgotten.\n`) },
  'new-key': { named: false, run: newKey },
}

/** `deskbridge connection`: the connections that are saved on this machine. */
export async function connection(args: readonly string[]): Promise<number> {
  const { verb, name, values } = read(args)
  const answer = await toSentence(() => verb.run(savedConnections(process.env), name, values))
  if (typeof answer === 'string') process.stdout.write(values.json ? `${JSON.stringify({ done: answer.trim() })}\n` : answer)
  else process.stdout.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : table([answer].flat()))
  return 0
}

async function add(saved: Saved, name: string, options: Options['values']): Promise<ShownConnection> {
  const { url, environment } = options
  const known = ENVIRONMENTS.find(one => one === environment)
  if (!url) throw usage('add needs --url, the address of the instance')
  if (!known) throw usage(`--environment is ${ENVIRONMENTS.join(' or ')}, not "${environment}"`)
  return saved.add({ name, url, environment: known, ...(await givenCredentials(options)) })
}

async function rotate(saved: Saved, name: string, options: Options['values']): Promise<ShownConnection> {
  await saved.show(name)
  const { way, values } = await givenCredentials(options)
  return saved.rotate(name, values, way)
}

async function newKey(): Promise<string> {
  const count = await rotateKeyOfFolder(connectionsFolder(process.env), process.env)
  return `${count} ${count === 1 ? 'connection is' : 'connections are'} sealed with ${process.env.DESKBRIDGE_KEY ? 'DESKBRIDGE_KEY; DESKBRIDGE_OLD_KEY is needed no more' : 'the new key'}.\n`
}

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...(CREDENTIAL_OPTIONS as Record<string, { type: 'string' }>),
        url: { type: 'string' },
        environment: { type: 'string', default: 'sandbox' },
        way: { type: 'string' },
        stdin: { type: 'boolean' },
        json: { type: 'boolean', default: false },
      },
    })
    const [word = '', name, ...more] = positionals
    const verb = VERBS[word]
    if (!verb) throw new TypeError(word ? `There is no "connection ${word}"` : 'What about the connections?')
    if (more.length > 0 || verb.named !== (name !== undefined))
      throw new TypeError(verb.named ? `"${word}" needs one name` : `"${word}" takes no name`)
    return { verb, name: name ?? '', values }
  } catch (error) {
    throw usage((error as Error).message)
  }
}

const usage = (problem: string) => new CannotStart(`${problem}\nUsage: ${USAGE}`)
