import { listAll, query, UnsafeQueryValue } from '@deskbridge/servicenow'
import type { ORGANISATION_TABLES } from '../agreements/index.ts'
import { type Desk, inPartnersWords, toPartner } from '../connections/index.ts'
import { ExchangeError } from '../platform/errors.ts'

/** A company or account of the service desk. */
export interface Company {
  sysId: string
  table: (typeof ORGANISATION_TABLES)[number]
  name: string
  website: string
  city: string
  country: string
}

/**
 * Accounts are companies too (`customer_account` extends `core_company`), so one table answers for both, also where Customer Service
 * Management is not installed.
 */
const TABLE = 'core_company'
const FIELDS = ['sys_id', 'name', 'sys_class_name', 'website', 'city', 'country']
/** As many sys_ids as fit into a URL. */
const AT_ONCE = 200

export interface CompanyPage {
  rows: Company[]
  total: number
}

/** Companies by name, as a person leafs through them. A record that is renamed meanwhile may show twice or not at all. */
export async function findCompaniesByName(
  desk: Desk,
  { search, limit, offset }: { search: string | undefined; limit: number; offset: number },
  signal: AbortSignal,
): Promise<CompanyPage> {
  const named = search === undefined ? query() : asked(() => query().where('name', 'LIKE', search))
  const { rows, total = 0 } = await inPartnersWords(
    desk.serviceNow.table.list(
      { table: TABLE, query: named.orderBy('name').orderBy('sys_id').text(), fields: FIELDS, limit, offset },
      { signal },
    ),
  )
  return { rows: rows.map(company), total }
}

function asked<T>(build: () => T): T {
  try {
    return build()
  } catch (error) {
    if (!(error instanceof UnsafeQueryValue)) throw error
    throw new ExchangeError('invalid_field', `search cannot be asked of ServiceNow: ${error.reason}.`, { field: 'search' })
  }
}

/** Those of these records that are there and may be read. */
export async function readCompaniesById(desk: Desk, sysIds: readonly string[], signal: AbortSignal): Promise<Map<string, Company>> {
  const found = new Map<string, Company>()
  for (let from = 0; from < sysIds.length; from += AT_ONCE) {
    const wanted = query()
      .in('sys_id', sysIds.slice(from, from + AT_ONCE))
      .text()
    const { rows } = await inPartnersWords(
      desk.serviceNow.table.list({ table: TABLE, query: wanted, fields: FIELDS, limit: AT_ONCE, noCount: true }, { signal }),
    )
    for (const row of rows) found.set(row.sys_id!, company(row))
  }
  return found
}

/** Every company, up to `most`; `complete` is false when there are more. */
export async function readAllCompanies(
  desk: Desk,
  most: number,
  signal: AbortSignal,
): Promise<{ companies: Company[]; complete: boolean }> {
  const companies: Company[] = []
  try {
    for await (const row of listAll(desk.serviceNow, { table: TABLE, fields: FIELDS, signal })) {
      if (companies.length === most) return { companies, complete: false }
      companies.push(company(row))
    }
  } catch (failure) {
    throw toPartner(failure)
  }
  return { companies, complete: true }
}

/** Enough to tell to which company a domain belongs. */
const PEOPLE_ASKED = 200

/** How many active people with an e-mail address at this domain each company has. */
export async function countPeopleAt(desk: Desk, domain: string, signal: AbortSignal): Promise<Map<string, number>> {
  const at = query().where('active', '=', 'true').where('company', 'ISNOTEMPTY').where('email', 'ENDSWITH', `@${domain}`).text()
  const { rows } = await inPartnersWords(
    desk.serviceNow.table.list(
      { table: 'sys_user', query: at, fields: ['company', 'email'], limit: PEOPLE_ASKED, noCount: true },
      { signal },
    ),
  )
  const counts = new Map<string, number>()
  // A condition that an instance drops would count strangers.
  for (const { company: sysId, email = '' } of rows)
    if (sysId && email.toLowerCase().endsWith(`@${domain}`)) counts.set(sysId, (counts.get(sysId) ?? 0) + 1)
  return counts
}

const company = ({ sys_id = '', name = '', sys_class_name, website = '', city = '', country = '' }: Record<string, string>): Company => ({
  sysId: sys_id,
  table: sys_class_name === 'customer_account' ? 'customer_account' : 'core_company',
  name,
  website,
  city,
  country,
})
