import { publishedFace } from '@deskbridge/servicenow'
import { openApiSchema } from '../../packages/exchange/src/platform/openapi.ts'
import type { Route } from '../../packages/exchange/src/platform/route.ts'
import { actionRows } from './actions.ts'

/** The published face of each action and each REST operation, a file each, so that a change of it is a diff that a partner could read. */
export function goldenFiles(rows: readonly Route[]): [path: string, text: string][] {
  return [
    ...actionRows.map(row => [`golden/actions/${row.name}.json`, text(publishedFace(row))] as [string, string]),
    ...rows.map(
      row =>
        [
          `golden/operations/${row.operationId}.json`,
          text({
            operationId: row.operationId,
            method: row.method,
            path: row.path,
            access: row.access,
            summary: row.summary,
            ...(row.query ? { query: openApiSchema(row.query) } : {}),
            ...(row.body ? { body: openApiSchema(row.body) } : {}),
            ...(row.output ? { output: openApiSchema(row.output) } : {}),
            ...(row.takes ? { takes: row.takes } : {}),
            ...(row.gives ? { gives: row.gives } : {}),
            errors: row.errors,
            errorShape: row.errorShape ?? 'api',
          }),
        ] as [string, string],
    ),
  ]
}

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
