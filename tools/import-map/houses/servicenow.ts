import type { House } from '../house.ts'

export const servicenow: House = {
  floors: ['door', 'for callers', 'rows', 'makers of rows', 'performing', 'records', 'the wire', 'errors'],
  ground: 'error',
  hasDoors: false,
  rooms: {
    index: { floor: 'door', about: 'all that the package exports', may: 'anything below', files: ['index.ts'] },

    sdk: {
      floor: 'for callers',
      about: 'the typed methods, and large results by key',
      may: ['catalogue', 'rows', 'performing', 'table-api', 'encoded-query', 'connection'],
    },
    saved: { floor: 'for callers', about: 'saved connections: sealing, keys, rotation', may: ['doctor', 'connection'] },
    doctor: { floor: 'for callers', about: 'the checks of a connection', may: ['catalogue', 'performing', 'connection'] },
    face: { floor: 'for callers', about: 'a row as others show it', may: ['performing'] },

    catalogue: {
      floor: 'rows',
      about: 'all that ServiceNow can be asked to do, a row each',
      may: ['rows', 'performing', 'table-api', 'encoded-query', 'connection'],
    },

    rows: {
      floor: 'makers of rows',
      about: 'what rows are made from: the usual ones, shared inputs and outputs, readers of answers',
      may: ['performing', 'taken', 'table-api', 'encoded-query', 'connection'],
    },

    performing: {
      floor: 'performing',
      about: 'what a row is; performing one, or a list to its end; whether it can be used',
      may: ['taken', 'table-api', 'encoded-query', 'connection'],
    },

    taken: {
      floor: 'records',
      about: 'compares the answer of a write with what was asked',
      may: ['table-api', 'encoded-query', 'connection'],
    },
    'table-api': { floor: 'records', about: 'the Table API’s calls, and the records that it answers', may: ['connection'] },

    connection: { floor: 'the wire', about: 'sign-in, pace, retry, time limits, what an answer means', may: [] },
    'encoded-query': { floor: 'the wire', about: 'queries from values that are proven harmless', may: [] },

    error: { floor: 'errors', about: 'the only error that an action throws', may: [], files: ['error.ts'] },
  },
}
