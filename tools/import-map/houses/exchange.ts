import type { House } from '../house.ts'

export const exchange: House = {
  floors: ['start', 'routes', 'high rooms', 'middle rooms', 'low rooms', 'platform'],
  ground: 'platform',
  hasDoors: true,
  rooms: {
    start: {
      floor: 'start',
      about: 'reads the settings, opens all parts, listens',
      may: 'anything below',
      beside: ['first-start'],
      files: ['index.ts', 'settings.ts'],
    },
    'first-start': {
      floor: 'start',
      about: 'the demo company and first-steps.json',
      may: ['agreements', 'mapping', 'partners', 'sign-in'],
    },

    routes: {
      floor: 'routes',
      about: 'the whole REST surface on one page',
      may: 'anything below',
      files: ['routes.ts', 'exchange.routes.ts', 'front-page.ts'],
    },

    tickets: {
      floor: 'high rooms',
      about: 'a customer files, reads and comments on tickets',
      may: ['patches', 'attachments', 'ownership', 'recorded-writes', 'agreements', 'connections', 'mapping', 'sign-in'],
    },
    tasks: {
      floor: 'high rooms',
      about: 'a provider works on tasks',
      may: ['patches', 'attachments', 'ownership', 'connections', 'mapping', 'sign-in'],
    },
    patches: {
      floor: 'high rooms',
      about: 'what a PATCH of a ticket and one of a task have in common',
      may: ['attachments', 'responses', 'ownership', 'recorded-writes', 'update-queue', 'agreements', 'connections', 'mapping', 'sign-in'],
    },
    attachments: {
      floor: 'high rooms',
      about: 'the files of tickets and tasks',
      may: ['ownership', 'recorded-writes', 'agreements', 'spool', 'connections', 'sign-in'],
    },
    capture: {
      floor: 'high rooms',
      about: 'notices what changed in ServiceNow and turns it into updates',
      may: ['ownership', 'recorded-writes', 'lost-time', 'update-queue', 'agreements', 'connections', 'mapping'],
    },
    operator: {
      floor: 'high rooms',
      about: 'what the operator’s people look at',
      may: ['capture', 'responses', 'recorded-writes', 'update-queue', 'lost-time', 'spool', 'sign-in'],
    },
    onboarding: {
      floor: 'high rooms',
      about: 'the operator takes on partners, agrees with them, suspends them',
      may: ['organisations', 'agreements', 'partners', 'connections', 'mapping', 'sign-in'],
    },
    projects: { floor: 'high rooms', about: 'the projects of partners, and their secrets', may: ['onboarding', 'partners', 'sign-in'] },
    operators: { floor: 'high rooms', about: 'who administers the exchange: people and tokens', may: ['sign-in'] },
    organisations: {
      floor: 'high rooms',
      about: 'which company or account of ServiceNow stands for which partner',
      may: ['agreements', 'connections', 'mapping', 'sign-in'],
    },

    ownership: {
      floor: 'middle rooms',
      about: 'which record is whose, under which reference',
      may: ['agreements', 'connections', 'mapping', 'sign-in'],
    },
    responses: {
      floor: 'middle rooms',
      about: 'a partner’s answers to its updates',
      may: ['ownership', 'recorded-writes', 'update-queue', 'connections', 'mapping', 'sign-in'],
    },
    'recorded-writes': {
      floor: 'middle rooms',
      about: 'every write to ServiceNow, done once whatever fails',
      may: ['lost-time', 'spool', 'connections', 'mapping', 'sign-in'],
    },
    'lost-time': { floor: 'middle rooms', about: 'notices that the database has gone back in time', may: [] },
    spool: { floor: 'middle rooms', about: 'files on their way between partner and ServiceNow', may: [] },
    'update-queue': { floor: 'middle rooms', about: 'what a partner has yet to be told', may: ['mapping', 'sign-in'] },

    'sign-in': { floor: 'low rooms', about: 'who calls, and how often', may: ['agreements', 'partners'] },
    partners: { floor: 'low rooms', about: 'the companies and their projects', may: [] },
    agreements: { floor: 'low rooms', about: 'what a partner may exchange', may: ['mapping'] },
    connections: { floor: 'low rooms', about: 'the service desk of an environment', may: ['mapping'] },
    mapping: { floor: 'low rooms', about: 'the partner’s words and ServiceNow’s records', may: [] },

    platform: { floor: 'platform', about: 'plumbing: HTTP, database, log, errors', may: [] },
  },
}
