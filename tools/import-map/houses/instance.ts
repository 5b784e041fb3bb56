import type { House } from '../house.ts'

export const instance: House = {
  floors: ['start', 'answering', 'APIs', 'calls', 'processes', 'records', 'rights', 'queries', 'standing', 'rules', 'low rooms', 'ground'],
  hasDoors: false,
  rooms: {
    start: {
      floor: 'start',
      about: 'opens an instance, and lets it answer on a port',
      may: 'anything below',
      files: ['index.ts', 'instance.ts', 'options.ts', 'serve.ts'],
    },

    answering: {
      floor: 'answering',
      about: 'the way of a request as a list of steps, and the table of routes',
      may: 'anything below',
    },

    apis: {
      floor: 'APIs',
      about: 'one file for each API, as it is documented',
      // Never `faults`: they are wrapped around a step, and no API knows of them.
      may: [
        'call',
        'processes',
        'demo-company',
        'desk-work',
        'records',
        'rights',
        'query-language',
        'sign-in',
        'standing',
        'house-rules',
        'wire',
        'caller',
        'storage',
        'dictionary',
        'refusals',
        'time',
        'sys-id',
      ],
    },

    call: {
      floor: 'calls',
      about: 'what an API is given: the request, its caller, the instance',
      may: ['processes', 'records', 'sign-in', 'standing', 'faults', 'caller'],
    },

    processes: {
      floor: 'processes',
      about: 'what follows from a save: approvals, roll-ups, business rules, transforms, wake-ups',
      may: ['records', 'query-language', 'house-rules', 'caller', 'storage', 'dictionary', 'refusals', 'nearest-names', 'sys-id'],
    },
    seeds: {
      floor: 'processes',
      about: 'the records that an instance begins with, a seed’s too',
      may: [
        'demo-company',
        'records',
        'query-language',
        'house-rules',
        'sign-in',
        'caller',
        'storage',
        'dictionary',
        'refusals',
        'time',
        'nearest-names',
        'sys-id',
      ],
    },
    'demo-company': {
      floor: 'processes',
      about: 'companies, people and tickets that do not exist: data alone',
      may: ['house-rules', 'sys-id'],
    },

    records: {
      floor: 'records',
      about: 'reads, saves and shows records',
      may: ['rights', 'query-language', 'house-rules', 'wire', 'caller', 'storage', 'dictionary', 'refusals', 'time', 'sys-id'],
    },

    rights: {
      floor: 'rights',
      about: 'which rows a caller may see and write, as SQL',
      may: ['query-language', 'caller', 'storage', 'dictionary'],
    },

    'query-language': {
      floor: 'queries',
      about: 'an encoded query as SQL',
      may: ['caller', 'storage', 'dictionary', 'refusals', 'time', 'sys-id'],
    },

    'sign-in': {
      floor: 'standing',
      about: 'who calls: passwords, tokens, keys',
      may: ['caller', 'storage', 'refusals', 'time', 'sys-id'],
    },
    standing: {
      floor: 'standing',
      about: 'properties, rules, numbers: the rows that count for every request',
      may: ['limits', 'house-rules', 'caller', 'storage', 'dictionary', 'time'],
    },
    faults: {
      floor: 'standing',
      about: 'what goes wrong on purpose, around a step of the request’s way',
      may: ['wire', 'caller', 'storage', 'refusals', 'time', 'sys-id'],
    },

    limits: { floor: 'rules', about: 'how many requests an hour', may: ['caller'] },
    'house-rules': {
      floor: 'rules',
      about: 'what a save changes or refuses by itself, by table',
      may: ['caller', 'dictionary', 'refusals', 'sys-id'],
    },
    wire: { floor: 'rules', about: 'bodies and headers: JSON, XML, multipart', may: ['refusals'] },

    caller: { floor: 'low rooms', about: 'who calls and what it may, as data', may: ['dictionary'] },
    storage: { floor: 'low rooms', about: 'PostgreSQL, and the schema that the dictionary makes', may: ['dictionary', 'time'] },

    dictionary: { floor: 'ground', about: 'tables and columns, as rows', may: ['sys-id'] },
    'desk-work': { floor: 'ground', about: 'what a desk does with each kind of ticket, as commands: data alone', may: [] },
    refusals: { floor: 'ground', about: 'what is refused, in the words of the platform, a file for each API', may: [] },
    time: { floor: 'ground', about: 'the clock that can be set, and time zones', may: [] },
    'nearest-names': { floor: 'ground', about: 'what may have been meant by a name', may: [], files: ['nearest-names.ts'] },
    'sys-id': { floor: 'ground', about: 'sys_ids', may: [], files: ['sys-id.ts'] },
  },
}
