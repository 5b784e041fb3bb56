import type { Route } from '../../packages/exchange/src/platform/route.ts'
import { type RouteParts, routes } from '../../packages/exchange/src/routes.ts'

/** Nothing of it runs: the rows are read, not called. */
function inert(name: string): never {
  return new Proxy(() => {}, {
    get: (_, member) => {
      throw new Error(`${name}.${String(member)} was used while the reference was written: a route row may use its parts only in a call.`)
    },
  }) as never
}

/** Every row of the REST surface, made without a database or a service desk. */
export function routeRows(): readonly Route[] {
  const parts: RouteParts = {
    database: inert('database'),
    capture: inert('capture'),
    metrics: inert('metrics'),
    figures: inert('figures'),
    operators: inert('operators'),
    phase: inert('phase'),
    notices: inert('notices'),
    desks: inert('desks'),
    tokens: inert('tokens'),
    passwords: inert('passwords'),
    writes: inert('writes'),
    connections: inert('connections'),
    queue: inert('queue'),
    facts: inert('facts'),
  }
  return routes(parts)
}
