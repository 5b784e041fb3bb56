import { readStatistics } from '../apis/aggregate.ts'
import {
  downloadAttachment,
  listAttachments,
  readAttachmentRecord,
  removeFile,
  renameFile,
  uploadFile,
  uploadForm,
} from '../apis/attachment.ts'
import { runBatch } from '../apis/batch.ts'
import { readClock, resetClock, setClock } from '../apis/clock.ts'
import { addRelations, createItem, listItems, readItem, removeRelation, updateItem } from '../apis/cmdb.ts'
import { readMeta } from '../apis/cmdb-meta.ts'
import { readCurrentUser } from '../apis/current-user.ts'
import { listFaultKinds, listFaults, switchFaultOn, switchFaultsOff } from '../apis/faults.ts'
import { importRow, importRows, readImport } from '../apis/import-set.ts'
import { issueTokens, revokeTokens } from '../apis/oauth-token.ts'
import { resetInstance, showFrontPage } from '../apis/practice.ts'
import { showDeskPage } from '../apis/practice-desk.ts'
import { createRecord, listRecords, readRecord, removeRecord, updateRecord } from '../apis/table.ts'
import { makeTiny } from '../apis/tiny-url.ts'
import { listWakeUps } from '../apis/wake-ups.ts'
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
  { method: 'GET', path: '/api/now/attachment/:sysId', access: 'signed in', run: readAttachmentRecord },
  { method: 'PATCH', path: '/api/now/attachment/:sysId', access: 'signed in', run: renameFile },
  { method: 'DELETE', path: '/api/now/attachment/:sysId', access: 'signed in', run: removeFile },
  { method: 'GET', path: '/api/now/attachment/:sysId/file', access: 'signed in', answers: 'anything', run: downloadAttachment },
  { method: 'POST', path: '/api/now/tinyurl', access: 'signed in', run: makeTiny },
  { method: 'GET', path: '/api/now/ui/user/current_user', access: 'signed in', run: readCurrentUser },
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
  { method: 'GET', path: '/practice', access: 'anyone', run: showDeskPage },
  { method: 'GET', path: '/', access: 'anyone', run: showFrontPage },
]
