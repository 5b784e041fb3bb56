import { readStatistics } from '../apis/aggregate.ts'
import { downloadAttachment, listAttachments, readAttachment, removeFile, renameFile, uploadFile, uploadForm } from '../apis/attachment.ts'
import { runBatch } from '../apis/batch.ts'
import { readClock, resetClock, setClock } from '../apis/clock.ts'
import { addRelations, createItem, listItems, readItem, removeRelation, updateItem } from '../apis/cmdb.ts'
import { readMeta } from '../apis/cmdb-meta.ts'
import { currentUser } from '../apis/current-user.ts'
import { listFaultKinds, listFaults, switchFaultOn, switchFaultsOff } from '../apis/faults.ts'
import { importRow, importRows, readImport } from '../apis/import-set.ts'
import { issueTokens, revokeTokens } from '../apis/oauth-token.ts'
import { frontPage, resetInstance } from '../apis/practice.ts'
import { createRecord, listRecords, readRecord, removeRecord, updateRecord } from '../apis/table.ts'
import { makeTiny } from '../apis/tiny-url.ts'
import { listWakeUps } from '../apis/wake-ups.ts'
import { methodNotSupported, notImplemented, unknownUri } from '../refusals/platform.ts'
import { CHANGE_ROUTES } from './change.routes.ts'
import type { Route } from './route.ts'

/** Everything that the practice instance answers. `/api/now/` may carry a version segment (contract servicenow-core.md 2.1). */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/now/table/:table', access: 'signed in', run: listRecords },
  { method: 'POST', path: '/api/now/table/:table', access: 'signed in', run: createRecord },
  { method: 'GET', path: '/api/now/table/:table/:sysId', access: 'signed in', run: readRecord },
  { method: 'PUT', path: '/api/now/table/:table/:sysId', access: 'signed in', run: updateRecord },
  { method: 'PATCH', path: '/api/now/table/:table/:sysId', access: 'signed in', run: updateRecord },
  { method: 'DELETE', path: '/api/now/table/:table/:sysId', access: 'signed in', run: removeRecord },
  { method: 'GET', path: '/api/now/stats/:table', access: 'signed in', run: readStatistics },
  { method: 'POST', path: '/api/now/batch', access: 'signed in', answers: 'JSON', run: runBatch },
  ...CHANGE_ROUTES,
  { method: 'GET', path: '/api/now/cmdb/instance/:class', access: 'signed in', run: listItems },
  { method: 'POST', path: '/api/now/cmdb/instance/:class', access: 'signed in', run: createItem },
  { method: 'GET', path: '/api/now/cmdb/instance/:class/:sysId', access: 'signed in', run: readItem },
  { method: 'PUT', path: '/api/now/cmdb/instance/:class/:sysId', access: 'signed in', run: updateItem },
  { method: 'PATCH', path: '/api/now/cmdb/instance/:class/:sysId', access: 'signed in', run: updateItem },
  { method: 'POST', path: '/api/now/cmdb/instance/:class/:sysId/relation', access: 'signed in', run: addRelations },
  { method: 'DELETE', path: '/api/now/cmdb/instance/:class/:sysId/relation/:relationId', access: 'signed in', run: removeRelation },
  { method: 'GET', path: '/api/now/cmdb/meta/:class', access: 'signed in', run: readMeta },
  { method: 'POST', path: '/api/now/import/:staging', access: 'signed in', run: importRow },
  { method: 'POST', path: '/api/now/import/:staging/insertMultiple', access: 'signed in', run: importRows },
  { method: 'GET', path: '/api/now/import/:staging/:sysId', access: 'signed in', run: readImport },
  { method: 'GET', path: '/api/now/attachment', access: 'signed in', run: listAttachments },
  { method: 'POST', path: '/api/now/attachment/file', access: 'signed in', run: uploadFile },
  { method: 'POST', path: '/api/now/attachment/upload', access: 'signed in', run: uploadForm },
  { method: 'GET', path: '/api/now/attachment/:sysId', access: 'signed in', run: readAttachment },
  { method: 'PATCH', path: '/api/now/attachment/:sysId', access: 'signed in', run: renameFile },
  { method: 'DELETE', path: '/api/now/attachment/:sysId', access: 'signed in', run: removeFile },
  { method: 'GET', path: '/api/now/attachment/:sysId/file', access: 'signed in', answers: 'anything', run: downloadAttachment },
  { method: 'POST', path: '/api/now/tinyurl', access: 'signed in', run: makeTiny },
  { method: 'GET', path: '/api/now/ui/user/current_user', access: 'signed in', run: currentUser },
  { method: 'POST', path: '/oauth_token.do', access: 'anyone', run: issueTokens },
  { method: 'GET', path: '/oauth_revoke_token.do', access: 'anyone', run: revokeTokens },
  { method: 'POST', path: '/oauth_revoke_token.do', access: 'anyone', run: revokeTokens },
  { method: 'POST', path: '/practice/faults', access: 'administrators', run: switchFaultOn },
  { method: 'GET', path: '/practice/faults', access: 'administrators', run: listFaults },
  { method: 'DELETE', path: '/practice/faults', access: 'administrators', run: switchFaultsOff },
  { method: 'DELETE', path: '/practice/faults/:id', access: 'administrators', run: switchFaultsOff },
  { method: 'GET', path: '/practice/faults/kinds', access: 'anyone', run: listFaultKinds },
  { method: 'GET', path: '/practice/clock', access: 'signed in', run: readClock },
  { method: 'PUT', path: '/practice/clock', access: 'administrators', run: setClock },
  { method: 'DELETE', path: '/practice/clock', access: 'administrators', run: resetClock },
  { method: 'GET', path: '/practice/wake-ups', access: 'administrators', run: listWakeUps },
  { method: 'POST', path: '/practice/reset', access: 'administrators', run: resetInstance },
  { method: 'GET', path: '/practice', access: 'anyone', run: frontPage },
  { method: 'GET', path: '/', access: 'anyone', run: frontPage },
]

/** APIs of ServiceNow that exist there and not here, so that nobody takes their absence for a wrong address. */
const NOT_HERE: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/api\/now\/(v\d+\/)?attachment\/[^/]+\/attributes(\/|$)/, 'Attachment attributes'],
  [/^\/api\/now\/(v\d+\/)?identifyreconcile(\/|$)/, 'The Identification and Reconciliation API'],
  [/^\/api\/sn_ind_tsm_sdwan(\/|$)/, 'The Trouble Ticket Open API'],
  [/^\/api\/sn_customerservice(\/|$)/, 'The Case API'],
  [/^\/api\/sn_sc(\/|$)/, 'The Service Catalog API'],
  [/^\/oauth_auth\.do$/, 'The OAuth authorization code grant'],
]

export interface Found {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
  readonly version: string
}

/** Finds the operation for a request. Throws a Refusal where there is none. */
export function findRoute(method: string, path: string): Found {
  const version = /^\/api\/(?:now|sn_chg_rest)\/(v[12])\//.exec(path)?.[1] ?? ''
  const segments = (version === '' ? path : path.replace(`/${version}/`, '/')).split('/')
  if (segments.length > 2 && segments.at(-1) === '') segments.pop()
  const wanted = method === 'HEAD' ? 'GET' : method
  let exists = false
  for (const { route, pattern } of COMPILED) {
    const parameters = matched(pattern, segments)
    if (!parameters) continue
    if (route.method === wanted) return { route, parameters, version }
    exists = true
  }
  if (exists) throw methodNotSupported()
  const known = NOT_HERE.find(([pattern]) => pattern.test(path))
  if (known) throw notImplemented(known[1])
  throw unknownUri()
}

const COMPILED = ROUTES.map(route => ({ route, pattern: route.path.split('/') }))

function matched(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at]!
    if (part.startsWith(':')) parameters[part.slice(1)] = decoded(segment)
    else if (part !== segment) return undefined
  }
  return parameters
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
