import { readKey, ServiceNowError, understandAddress } from '@deskbridge/servicenow'
import { wrongProxies } from './platform/caller-address.ts'
import { CannotStart } from './platform/data-folder.ts'
import { KEEP_ALIVE_SECONDS } from './platform/listening.ts'
import type { LogLevel } from './platform/log.ts'

interface Setting {
  readonly variable: string
  readonly kind: 'port' | 'text' | 'url' | 'instance' | 'connection' | 'log level' | 'seconds' | 'MiB' | 'key' | 'proxies' | 'yes or no'
  readonly fallback: string
  readonly secret?: true
  readonly about: string
}

const instanceSettings = (environment: 'SANDBOX' | 'PRODUCTION', port: string) =>
  [
    [`INSTANCE_${environment}_PORT`, { kind: 'port', fallback: port, about: `Port of the ${environment.toLowerCase()} practice instance` }],
    [
      `SERVICENOW_${environment}_URL`,
      {
        kind: 'instance',
        fallback: '',
        about: `Address of a ServiceNow instance for ${environment.toLowerCase()}, as it is copied from a browser too, or its name alone; the practice instance then steps aside`,
      },
    ],
    [
      `SERVICENOW_${environment}_CONNECTION`,
      {
        kind: 'connection',
        fallback: '',
        about: `Instead of that: the name of a connection that is saved in the exchange's database for ${environment.toLowerCase()} (POST /operator/connections); its credentials can be rotated without a restart`,
      },
    ],
    [
      `SERVICENOW_${environment}_USERNAME`,
      { kind: 'text', fallback: '', about: 'Its integration user (Basic, or the OAuth password grant)' },
    ],
    [`SERVICENOW_${environment}_PASSWORD`, { kind: 'text', fallback: '', secret: true, about: 'That user’s password' }],
    [
      `SERVICENOW_${environment}_CLIENT_ID`,
      { kind: 'text', fallback: '', about: 'OAuth client; with a user name the password grant, without it client credentials' },
    ],
    [`SERVICENOW_${environment}_CLIENT_SECRET`, { kind: 'text', fallback: '', secret: true, about: 'The OAuth client’s secret' }],
  ] as const satisfies readonly (readonly [string, Omit<Setting, 'variable'>])[]

/** The setting that names the saved connection of an environment. */
export const connectionVariable = (environment: 'sandbox' | 'production'): string => `SERVICENOW_${environment.toUpperCase()}_CONNECTION`

const CONNECTION_NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/** A file takes room of its own, however small. */
const SPOOLED_FILES = 10_000
const LEAST_SPOOL_MIB = 512

/** Every setting there is. They are read once, at start, from the environment. */
export const SETTINGS: readonly Setting[] = (
  [
    ['PORT', { kind: 'port', fallback: '8080', about: 'Port of the exchange' }],
    [
      'HOST',
      { kind: 'text', fallback: '127.0.0.1', about: 'Address that all ports listen on; 0.0.0.0 is every network this machine is in' },
    ],
    [
      'TRUSTED_PROXIES',
      {
        kind: 'proxies',
        fallback: '',
        about:
          'Addresses and ranges of the reverse proxies before the exchange, with commas between (127.0.0.1, 10.0.0.0/8, fd00::/8). Of calls through them the right-most address of X-Forwarded-For that is none of them counts; of any other call that of its connection',
      },
    ],
    ['DESKBRIDGE_DATA', { kind: 'text', fallback: './data', about: 'Folder for the database, the spool and first-steps.json' }],
    [
      'DATABASE_URL',
      { kind: 'url', fallback: '', secret: true, about: 'A PostgreSQL server to use; without it one runs in the data folder' },
    ],
    [
      'DESKBRIDGE_DEMO',
      {
        kind: 'yes or no',
        fallback: '',
        about:
          'Whether there is a demo company (two customers, a provider, an operator), with its credentials in first-steps.json. Without this: yes where the database is the one in the data folder and both instances are practice instances, else no',
      },
    ],
    [
      'DESKBRIDGE_KEY',
      {
        kind: 'key',
        fallback: '',
        secret: true,
        about:
          'Seals the saved credentials of connections: base64 of 32 bytes (openssl rand -base64 32). Without it a key file is made in the data folder; processes that share a database need the same key',
      },
    ],
    [
      'DESKBRIDGE_OLD_KEY',
      {
        kind: 'key',
        fallback: '',
        secret: true,
        about: 'The key before the present one: at start what it sealed is sealed anew with DESKBRIDGE_KEY; then it is needed no more',
      },
    ],
    [
      'SPOOL_MIB',
      {
        kind: 'MiB',
        fallback: '4096',
        about: 'How much the files on their way to ServiceNow may take on the disk; a single project may have a quarter of it',
      },
    ],
    [
      'DRAIN_SECONDS',
      {
        kind: 'seconds',
        fallback: '0',
        about: 'How long it goes on working after it was asked to end, while /readyz says 503: until a load balancer sends nothing more',
      },
    ],
    [
      'KEEP_ALIVE_SECONDS',
      {
        kind: 'seconds',
        fallback: String(KEEP_ALIVE_SECONDS),
        about:
          'How long idle connections are kept, of the exchange and of its practice instances: longer than the proxy before it keeps its own',
      },
    ],
    [
      'LOG_LEVEL',
      {
        kind: 'log level',
        fallback: '',
        about:
          'What is logged to standard error, a JSON object a line: info, error or silent. Without this: info, and error where standard error is a terminal, so that a person can read what start prints',
      },
    ],
    [
      'SERVICENOW_TIMEOUT_SECONDS',
      {
        kind: 'seconds',
        fallback: '10',
        about: 'How long one call to a ServiceNow instance over a network may take; for a file, the longest silence',
      },
    ],
    [
      'SERVICENOW_SETTLE_SECONDS',
      {
        kind: 'seconds',
        fallback: '60',
        about: 'After how long a write over a network whose answer was lost, and that is not found, counts as not done',
      },
    ],
    [
      'CAPTURE_EVERY_SECONDS',
      { kind: 'seconds', fallback: '10', about: 'How often a ServiceNow instance over a network is asked what has changed' },
    ],
    ...instanceSettings('SANDBOX', '8082'),
    ...instanceSettings('PRODUCTION', '8081'),
  ] as readonly (readonly [string, Omit<Setting, 'variable'>])[]
).map(([variable, rest]) => ({ variable, ...rest }))

/** Whoever sets one of these is past trying out. */
const REAL = SETTINGS.map(({ variable }) => variable).filter(
  variable => variable === 'DATABASE_URL' || /^SERVICENOW_(SANDBOX|PRODUCTION)_(URL|CONNECTION)$/.test(variable),
)

export interface InstanceSettings {
  port: number
  url: string
  /** The name of a saved connection; '' where the address and the credentials are settings, or a practice instance is meant. */
  connection: string
  userName: string
  password: string
  clientId: string
  clientSecret: string
}

/** The settings as they were read at start; the table is SETTINGS. */
export interface Settings {
  /** Those that somebody has set, by their variables, without secrets: for the log. */
  given: Readonly<Record<string, string>>
  port: number
  host: string
  /** Addresses and ranges, as the setting has them. */
  trustedProxies: string
  dataFolder: string
  /** Whether there is a demo company. */
  demo: boolean
  databaseUrl: string
  logLevel: LogLevel
  /** Milliseconds between being asked to end and refusing new calls. */
  drainMs: number
  /** What the files on their way may take. */
  spool: { bytes: number; files: number }
  /** Milliseconds that an idle connection is kept. */
  keepAliveMs: number
  /** Seals the credentials of saved connections; '' where the data folder's key file does. */
  key: { current: string; old: string }
  /** For instances over a network; one in this process needs none of them. */
  serviceNow: { timeoutMs: number; settleMs: number; captureEveryMs: number }
  instances: Record<'sandbox' | 'production', InstanceSettings>
}

/**
 * Reads the settings table from an environment.
 * @throws CannotStart with every problem there is, not only the first.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = []
  const value = new Map<string, string>()
  for (const setting of SETTINGS) {
    const given = environment[setting.variable] || setting.fallback
    const problem = wrong(setting, given)
    if (problem) problems.push(`${setting.variable}: ${problem}`)
    value.set(setting.variable, given)
  }
  const get = (variable: string) => value.get(variable) ?? ''
  const instance = (name: string): InstanceSettings => ({
    port: Number(get(`INSTANCE_${name}_PORT`)),
    url: addressOf(get(`SERVICENOW_${name}_URL`)),
    connection: get(`SERVICENOW_${name}_CONNECTION`),
    userName: get(`SERVICENOW_${name}_USERNAME`),
    password: get(`SERVICENOW_${name}_PASSWORD`),
    clientId: get(`SERVICENOW_${name}_CLIENT_ID`),
    clientSecret: get(`SERVICENOW_${name}_CLIENT_SECRET`),
  })
  for (const name of ['SANDBOX', 'PRODUCTION']) {
    const { url, connection, userName, password, clientId, clientSecret } = instance(name)
    const beside = [
      url && 'URL',
      userName && 'USERNAME',
      password && 'PASSWORD',
      clientId && 'CLIENT_ID',
      clientSecret && 'CLIENT_SECRET',
    ].filter(Boolean)
    if (connection && beside.length)
      problems.push(
        `SERVICENOW_${name}_CONNECTION is set, and so is SERVICENOW_${name}_${beside.join(', _')}: a saved connection brings its address and its credentials along, so leave one or the other out`,
      )
    if (url && !(userName && password) && !(clientId && clientSecret))
      problems.push(
        `SERVICENOW_${name}_URL is set, but neither SERVICENOW_${name}_USERNAME and _PASSWORD nor _CLIENT_ID and _CLIENT_SECRET`,
      )
  }
  if (get('DESKBRIDGE_OLD_KEY') && !get('DESKBRIDGE_KEY')) problems.push('DESKBRIDGE_OLD_KEY is set, but DESKBRIDGE_KEY is not')
  if (problems.length) throw new CannotStart(`These settings need a correction:\n${problems.map(problem => `  - ${problem}`).join('\n')}`)
  return {
    given: Object.fromEntries(
      SETTINGS.flatMap(({ variable, secret }) => (environment[variable] && !secret ? [[variable, get(variable)]] : [])),
    ),
    port: Number(get('PORT')),
    host: get('HOST'),
    trustedProxies: get('TRUSTED_PROXIES'),
    dataFolder: get('DESKBRIDGE_DATA'),
    demo: get('DESKBRIDGE_DEMO') ? get('DESKBRIDGE_DEMO') === 'yes' : REAL.every(variable => get(variable) === ''),
    databaseUrl: get('DATABASE_URL'),
    logLevel: (get('LOG_LEVEL') || (process.stderr.isTTY ? 'error' : 'info')) as LogLevel,
    drainMs: Number(get('DRAIN_SECONDS')) * 1_000,
    spool: { bytes: Number(get('SPOOL_MIB')) * 1024 ** 2, files: SPOOLED_FILES },
    keepAliveMs: Number(get('KEEP_ALIVE_SECONDS')) * 1_000,
    key: { current: get('DESKBRIDGE_KEY'), old: get('DESKBRIDGE_OLD_KEY') },
    serviceNow: {
      timeoutMs: Number(get('SERVICENOW_TIMEOUT_SECONDS')) * 1_000,
      settleMs: Number(get('SERVICENOW_SETTLE_SECONDS')) * 1_000,
      captureEveryMs: Number(get('CAPTURE_EVERY_SECONDS')) * 1_000,
    },
    instances: { sandbox: instance('SANDBOX'), production: instance('PRODUCTION') },
  }
}

/** An address that is none has been told of as a problem. */
function addressOf(value: string): string {
  return value && wrongAddress(value) === undefined ? understandAddress(value) : value
}

function wrongAddress(value: string): string | undefined {
  try {
    understandAddress(value)
    return undefined
  } catch (error) {
    if (!(error instanceof ServiceNowError)) throw error
    return `is not the address of an instance, such as dev12345.service-now.com (${error.detail?.replace('baseUrl: ', '')})`
  }
}

function wrong({ kind, fallback }: Setting, value: string): string | undefined {
  if (kind === 'port' && !(/^\d{1,5}$/.test(value) && Number(value) < 65_536))
    return `"${value}" is not a port (0 to 65535; 0 takes any free one)`
  if (kind === 'url' && value && !URL.canParse(value)) return 'is not an address such as postgresql://user@host/database'
  if (kind === 'instance' && value) return wrongAddress(value)
  if (kind === 'connection' && value && !CONNECTION_NAME.test(value))
    return `"${value}" is not the name of a saved connection: small letters, digits, - and _, at most 60`
  if (kind === 'key' && value && !readKey(value)) return 'is not base64 of 32 bytes; make one with: openssl rand -base64 32'
  if (kind === 'proxies') return wrongProxies(value)
  if (kind === 'yes or no' && !['yes', 'no', ''].includes(value)) return `"${value}" is neither yes nor no`
  const least = fallback === '0' ? 0 : 0.1
  if (kind === 'MiB' && !(/^\d{1,7}$/.test(value) && Number(value) >= LEAST_SPOOL_MIB))
    return `"${value}" is not a number of MiB (${LEAST_SPOOL_MIB} to 9999999): a quarter of it must hold the 80 MiB of one request`
  if (kind === 'seconds' && !(/^\d{1,4}(\.\d{1,3})?$/.test(value) && Number(value) >= least))
    return `"${value}" is not a number of seconds (${least} to 9999)`
  if (kind === 'log level' && !['info', 'error', 'silent', ''].includes(value)) return `"${value}" is not one of info, error, silent`
  return undefined
}
