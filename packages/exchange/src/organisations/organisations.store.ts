import type { Organisation } from '../agreements/index.ts'
import { sameName, spellings } from '../mapping/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

const pageOfPartners = sql`
  with page as (select partner_id, name from exchange.partner where name > $1 order by name limit $2)
  select page.partner_id as "partnerId", page.name, a.environment, a.terms -> 'organisation' as organisation,
    m.confirmed_by as "confirmedBy", m.confirmed_at as "confirmedAt"
  from page
  left join exchange.agreement a using (partner_id)
  left join lateral (
    select * from exchange.organisation_mapping m where m.partner_id = a.partner_id and m.environment = a.environment
    order by mapping_id desc limit 1
  ) m on true
  order by page.name, a.environment`

const withoutMapping = sql`
  select p.partner_id as "partnerId", p.name from exchange.agreement a join exchange.partner p using (partner_id)
  where a.environment = $1 and a.terms -> 'organisation' ->> 'sysId' is null and p.name > $2 order by p.name limit $3`

const mappedRecords = sql`
  select a.partner_id as "partnerId", p.name, a.environment, a.terms -> 'organisation' ->> 'sysId' as "sysId"
  from exchange.agreement a join exchange.partner p using (partner_id)
  where a.environment = $1 and a.terms -> 'organisation' ->> 'sysId' = any($2::text[])`

const mappingsOf = sql`
  select partner_id as "partnerId", environment, terms -> 'organisation' ->> 'sysId' as "sysId" from exchange.agreement
  where partner_id = any($1::uuid[]) and terms -> 'organisation' ->> 'sysId' is not null`

const agreementsNamed = sql`
  select p.partner_id as "partnerId", p.name, a.environment, a.terms -> 'organisation' as organisation
  from exchange.partner p left join exchange.agreement a using (partner_id) where p.name = any($1::text[])`

/** One person at a time changes mappings: an exchange of two records between two partners is then no deadlock. */
const alone = sql`select pg_advisory_xact_lock(5063924118)`

const clear = sql`
  update exchange.agreement a set terms = jsonb_set(a.terms, '{organisation}', 'null'), changed_at = now()
  from unnest($1::uuid[], $2::text[]) as wanted (partner_id, environment)
  where a.partner_id = wanted.partner_id and a.environment = wanted.environment`

const set = sql`
  update exchange.agreement a set terms = jsonb_set(a.terms, '{organisation}', wanted.organisation), changed_at = now()
  from unnest($1::uuid[], $2::text[], $3::jsonb[]) as wanted (partner_id, environment, organisation)
  where a.partner_id = wanted.partner_id and a.environment = wanted.environment`

const remember = sql`
  insert into exchange.organisation_mapping (partner_id, environment, record_table, sys_id, record_name, confirmed_by)
  select partner_id, environment, organisation ->> 'table', organisation ->> 'sysId', organisation ->> 'name', $4
  from unnest($1::uuid[], $2::text[], $3::jsonb[]) as wanted (partner_id, environment, organisation)`

const domains = sql`
  select partner_id as "partnerId", lower(split_part(email, '@', 2)) as domain from exchange.person
  where partner_id = any($1::uuid[]) group by 1, 2 order by 1, 2`

const variables = sql`
  select partner_id as "partnerId", environment, name, value from exchange.organisation_variable
  where partner_id = any($1::uuid[]) order by name`
const putVariable = sql`
  insert into exchange.organisation_variable (partner_id, environment, name, value) values ($1, $2, $3, $4)
  on conflict (partner_id, environment, name) do update set value = excluded.value`
const removeVariable = sql`delete from exchange.organisation_variable where partner_id = $1 and environment = $2 and name = $3`

export interface PartnerRow {
  partnerId: string
  name: string
  /** Null for a partner without any agreement. */
  environment: Environment | null
  organisation: Organisation | null
  confirmedBy: string | null
  confirmedAt: Date | null
}

/** Partners by name, from after `after` on: a row for each agreement. */
export const readPartners = (database: Database, after: string, limit: number) => database.rows<PartnerRow>(pageOfPartners, [after, limit])

export interface Unmapped {
  partnerId: string
  name: string
}

export const readUnmapped = (database: Database, environment: Environment, after: string, limit: number) =>
  database.rows<Unmapped>(withoutMapping, [environment, after, limit])

export interface MappedRecord {
  partnerId: string
  name: string
  environment: Environment
  sysId: string
}

/** Who these records stand for already. */
export const findHoldersOf = (queries: Queries, environment: Environment, sysIds: readonly string[]) =>
  queries.rows<MappedRecord>(mappedRecords, [environment, sysIds])

export const readMappings = (queries: Queries, partnerIds: readonly string[]) =>
  queries.rows<Omit<MappedRecord, 'name'>>(mappingsOf, [partnerIds])

/** Partners that are called so, in whatever bytes: `storedName` tells which of these rows a name means. */
export const readNamed = (queries: Queries, names: readonly string[]) =>
  queries.rows<Omit<PartnerRow, 'confirmedBy' | 'confirmedAt'>>(agreementsNamed, [[...names, ...names.flatMap(spellings)]])

/** A partner's name as it is stored; a name that is nobody's stays as it is. */
export const storedName = (rows: readonly { name: string }[], name: string): string =>
  rows.some(row => row.name === name) ? name : (rows.find(row => sameName(row.name, name))?.name ?? name)

/** Lets one transaction at a time change mappings, or agreements with them; until its end the others wait. */
export const lockChanges = (queries: Queries) => queries.rows(alone)

export interface NewMapping {
  partnerId: string
  environment: Environment
  organisation: Organisation | null
}

/** Sets mappings, or takes them away; what is exchanged between partners is taken from both first. */
export async function writeMappings(queries: Queries, mappings: readonly NewMapping[], person: string): Promise<void> {
  const partners = mappings.map(one => one.partnerId)
  const environments = mappings.map(one => one.environment)
  const organisations = mappings.map(one => JSON.stringify(one.organisation))
  await queries.changed(clear, [partners, environments])
  await queries.changed(set, [partners, environments, organisations])
  await queries.changed(remember, [partners, environments, organisations, person])
}

/** The e-mail domains of the partners' people. */
export const readDomains = (database: Database, partnerIds: readonly string[]) =>
  database.rows<{ partnerId: string; domain: string }>(domains, [partnerIds])

export interface VariableRow {
  partnerId: string
  environment: Environment
  name: string
  value: string
}

export const readVariables = (database: Database, partnerIds: readonly string[]) => database.rows<VariableRow>(variables, [partnerIds])
export const saveVariable = (database: Database, { partnerId, environment, name, value }: VariableRow) =>
  database.changed(putVariable, [partnerId, environment, name, value])
export const forgetVariable = (database: Database, { partnerId, environment, name }: Omit<VariableRow, 'value'>) =>
  database.changed(removeVariable, [partnerId, environment, name])
