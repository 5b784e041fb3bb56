import type { Route } from '../../packages/exchange/src/platform/route.ts'
import { actionRows } from './actions.ts'
import { jsonSchema } from './schema.ts'

/** The published face of each action and each REST operation, a file each, so that a change of it is a diff that a partner could read. */
export function goldenFiles(rows: readonly Route[]): [path: string, text: string][] {
  return [
    ...actionRows.map(
      row =>
        [
          `golden/actions/${row.name}.json`,
          text({
            name: row.name,
            title: row.title,
            whenToUse: row.whenToUse,
            effect: row.effect,
            repeat: row.repeat,
            needs: { roles: row.needs.roles, plugins: row.needs.plugins },
            paging: row.paging,
            input: jsonSchema(row.input, 'input'),
            output: jsonSchema(row.output, 'output'),
          }),
        ] as [string, string],
    ),
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
            ...(row.query ? { query: jsonSchema(row.query, 'output') } : {}),
            ...(row.body ? { body: jsonSchema(row.body, 'output') } : {}),
            ...(row.output ? { output: jsonSchema(row.output, 'output') } : {}),
            errors: row.errors,
            errorShape: row.errorShape ?? 'api',
          }),
        ] as [string, string],
    ),
  ]
}

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
