/** What the APIs are called in rules that name one, and in what those refuse. */
const NAMES: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/api\/now\/table(\/|$)/, 'Table API'],
  [/^\/api\/now\/attachment(\/|$)/, 'Attachment API'],
  [/^\/api\/now\/stats(\/|$)/, 'Aggregate API'],
  [/^\/api\/now\/import(\/|$)/, 'Import Set API'],
  [/^\/api\/now\/batch(\/|$)/, 'Batch API'],
  [/^\/api\/now\/cmdb(\/|$)/, 'CMDB Instance API'],
  [/^\/api\/now\/ui(\/|$)/, 'UI API'],
  [/^\/api\/sn_chg_rest(\/|$)/, 'Change Management'],
  [/^\/api\/sn_sc(\/|$)/, 'Service Catalog API'],
  [/^\/api\/sn_customerservice(\/|$)/, 'Case API'],
  [/^\/api\/sn_ind_tsm_sdwan(\/|$)/, 'Trouble Ticket Open API'],
]

/** The API that a path belongs to; `REST API` where it is none of these. */
export function apiName(path: string): string {
  const plain = path.replace(/^(\/api\/[^/]+)\/v\d+\//, '$1/')
  return NAMES.find(([pattern]) => pattern.test(plain))?.[1] ?? 'REST API'
}
