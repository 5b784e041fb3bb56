import type { StartedSystem } from '../../system/start-system.ts'
import type { Named, Row, Variant } from './row.ts'

/** Something that belongs to somebody, under every name that an operation may give it. */
export interface Thing {
  number: string
  reference: string
  file: string
  update: string
}

/** What names a thing of a partner. */
const OF_PARTNERS: Readonly<Record<string, keyof Thing>> = {
  kpn_ticket_number: 'number',
  attachment_id: 'file',
  'GetAttachment/{attachment_id}': 'file',
  from: 'update',
  ack: 'update',
  transaction_id: 'update',
}

type Maker = (system: StartedSystem) => string | Promise<string>

let last = 0
function newName(what: string): string {
  last += 1
  return `${what}-${last}`
}

/** What names a thing that only the operator has to do with, and a new one of its kind. */
const OF_OPERATOR: Readonly<Record<string, Maker>> = {
  'connections/{name}': async system => {
    const name = newName('connection')
    const { url, username, password } = system.firstSteps.instances.sandbox
    const values = { user_name: username, password }
    await done(system.changeAsOperator('POST', '/operator/connections', { name, environment: 'sandbox', url, ...values }))
    await done(system.changeAsOperator('POST', `/operator/connections/${encodeURIComponent(name)}/rotate`, values))
    return name
  },
  'partners/{name}': async system => {
    const name = newName('partner')
    await done(system.changeAsOperator('POST', '/operator/partners', { name }))
    return name
  },
  'organisations/{name}': async system => {
    const name = newName('organisation')
    await system.backOffice.addPartner(name, system.partner('customer').access, 'sandbox')
    const path = `/operator/organisations/${encodeURIComponent(name)}`
    const company = { environment: 'sandbox', table: 'core_company', sys_id: await newCompany(system) }
    await done(system.changeAsOperator('PUT', `${path}/mapping`, company))
    await done(system.changeAsOperator('PUT', `${path}/variables/${VARIABLE}`, { environment: 'sandbox', value: 'blue' }))
    return name
  },
  'variables/{variable}': () => VARIABLE,
  'people/{email}': async system => {
    const email = newAddress()
    await done(system.changeAsOperator('POST', '/operator/people', { email, password: 'a password of the walk' }))
    return email
  },
  'tokens/{name}': async system => {
    const name = newName('token')
    await done(system.changeAsOperator('POST', '/operator/tokens', { name, scope: 'read', seconds: 3_600 }))
    return name
  },
  'projects/{client_id}': async system => {
    const project = { partner: system.firstSteps.customer.organisation.name, environment: 'sandbox', name: newName('project') }
    const { client_id } = await done(system.changeAsOperator('POST', '/operator/projects', project))
    fingerprint = (await done(system.changeAsOperator('POST', `/operator/projects/${client_id}/secrets`, {}))).fingerprint
    return client_id
  },
  // Of the project before it in the path.
  'secrets/{fingerprint}': () => fingerprint,
}
let fingerprint = ''
const VARIABLE = 'colour'
const newAddress = () => `${newName('somebody')}@walk.example`

const newCompany = async (system: StartedSystem) =>
  (await system.desk('sandbox').create('core_company', { name: newName('company') })).sys_id

// biome-ignore lint/suspicious/noExplicitAny: what an operation answers
async function done(answer: ReturnType<StartedSystem['changeAsOperator']>): Promise<any> {
  const { status, body } = await answer
  if (status !== 200) throw new Error(`The walk could not make what it needs: ${status} ${JSON.stringify(body)}`)
  return body
}

interface About extends Pick<Variant, 'row' | 'chosen'> {
  system: StartedSystem
  thing: Thing | undefined
}
type Value = (about: About) => unknown

/** Everything else that requests say. */
const VALUES: Readonly<Record<string, Value>> = {
  // Of a record that is named, or of a new one.
  customer_reference_number: ({ row, thing, system }) =>
    row.names.some(({ key }) => OF_PARTNERS[key] === 'number') ? thing?.reference : system.partner('customer').newReference(),
  short_description: () => 'Asked by the walk',
  description: () => 'Asked by the walk',
  service: ({ system }) => system.firstSteps.customer.service,
  ci: () => 'Nothing of this name',
  desired_delivery_date: ({ chosen }) => (chosen.ticket_type === 'Change Request' ? '2031-01-31 10:00:00' : undefined),
  contact: () => 'nobody@walk.example',
  user: () => 'nobody@walk.example',
  priority: ({ chosen }) => (chosen.ticket_type === 'Incident' ? '3 - Moderate' : undefined),
  attachments: () => [{ name: 'walk.txt', content: 'QQ==' }],
  comment: () => 'Asked by the walk',
  worknotes: () => 'Asked by the walk',
  close_notes: () => 'Asked by the walk',
  status: () => 'Success',
  error_details: () => 'Asked by the walk',
  limit: () => '5',
  offset: () => '0',
  since: () => '2020-01-01T00:00:00Z',
  after: () => '',
  search: () => 'Demo',
  older_than_seconds: () => '0',
  environment: () => 'sandbox',
  name: () => newName('made-by-the-walk'),
  email: newAddress,
  partner: ({ system }) => system.firstSteps.customer.organisation.name,
  delivery: () => 'acknowledge',
  seconds: () => 3_600,
  others_end_in_seconds: () => 60,
  url: ({ system }) => system.firstSteps.instances.sandbox.url,
  way: () => 'basic',
  user_name: ({ system }) => system.firstSteps.instances.sandbox.username,
  password: ({ system }) => system.firstSteps.instances.sandbox.password,
  table: () => 'core_company',
  sys_id: ({ system }) => newCompany(system),
  value: () => 'green',
  agreement: () => ({ roles: ['provider'] }),
  version: () => undefined,
  dry_run: () => false,
  grant_type: () => 'client_credentials',
  'text/csv': async ({ system }) => (await system.askAsOperator('/operator/organisations/export.csv')).body,
}

/** Other ways of signing in to an instance: one is enough. */
const LEFT_OUT = new Set([
  ...['client_id', 'client_secret', 'refresh_token', 'api_key'],
  ...['certificate', 'certificate_key', 'passphrase', 'ca', 'token'],
])

export const isRecord = ({ key }: Named) => Object.hasOwn(OF_PARTNERS, key) || Object.hasOwn(OF_OPERATOR, key)
export const isChosen = ({ key }: Named) => !Object.hasOwn(VALUES, key) && !Object.hasOwn(OF_PARTNERS, key)

/** What a row takes that the walk knows nothing about, as sentences that say what to add. */
export function unknownOf({ method, path, names, takes }: Row): string[] {
  const keys = [
    ...names.filter(one => !(one.choices && one.required)).map(({ key }) => key),
    ...(takes?.startsWith('text/') ? [takes] : []),
  ]
  return keys
    .filter(key => ![OF_PARTNERS, OF_OPERATOR, VALUES].some(known => Object.hasOwn(known, key)) && !LEFT_OUT.has(key))
    .map(
      key =>
        `${method} ${path} takes "${key}", of which the walk knows nothing. Add it to acceptance/access/every-row/values.ts: to OF_PARTNERS or OF_OPERATOR when it names something that belongs to somebody, else to VALUES.`,
    )
}

/** The values of a request about this thing. What only the operator has to do with is made for it. */
export async function valuesOf({ row, names, chosen }: Variant, thing: Thing | undefined, system: StartedSystem) {
  const values: Record<string, unknown> = {}
  for (const { key, name, required, choices } of names) {
    const part = OF_PARTNERS[key]
    const known = part ? thing?.[part] : await (OF_OPERATOR[key]?.(system) ?? VALUES[key]?.({ system, row, chosen, thing }))
    values[name] = chosen[name] ?? known ?? (required ? choices?.[0] : undefined)
  }
  if (row.takes && VALUES[row.takes]) values[row.takes] = await VALUES[row.takes]!({ system, row, chosen, thing })
  return values
}

/** The same values about another thing: under every name, or under one alone. */
export function about(thing: Thing, { names }: Variant, values: Readonly<Record<string, unknown>>, only?: string): Record<string, unknown> {
  const changed = { ...values }
  for (const { key, name } of names) {
    const part = OF_PARTNERS[key] ?? (key === 'customer_reference_number' ? 'reference' : undefined)
    if (part && (only === undefined || only === name)) changed[name] = thing[part]
  }
  return changed
}
