import type { ShownConnection } from '@deskbridge/servicenow'
import { columns } from '../process/columns.ts'

/** Connections as a person reads them. */
export function connectionTable(connections: readonly ShownConnection[]): string {
  if (connections.length === 0) return 'No connection is saved. "deskbridge connection add NAME --url …" saves one.\n'
  const rows = connections.map(({ name, environment, url, inUse, previous, health }) => [
    name,
    environment,
    url,
    `${inUse.who} (${inUse.way})${previous ? `, before: ${previous.who}` : ''}`,
    health.state === 'unknown' ? 'not checked' : `${health.state}, ${health.checkedAt.slice(0, 16).replace('T', ' ')}`,
  ])
  return columns([['NAME', 'ENVIRONMENT', 'ADDRESS', 'SIGNS IN AS', 'HEALTH'], ...rows])
}
