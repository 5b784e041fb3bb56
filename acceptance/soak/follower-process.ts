import { connectClient, type PollerMode, startPoller } from '@deskbridge/connect'

/** A partner's poller as a process of its own. It prints a line when it begins, and one for each trouble. */
const { EXCHANGE = '', CLIENT_ID = '', CLIENT_SECRET = '', FOLDER = '', MODE = 'from' } = process.env
const EVERY_MS = 300
/** Small, so that an answer is seldom all there is. */
const LIMIT = 20

const following = await startPoller({
  client: connectClient({ exchange: EXCHANGE, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }),
  folder: FOLDER,
  mode: MODE as PollerMode,
  every: EVERY_MS,
  limit: LIMIT,
  patience: { longestWaitMs: 2_000 },
  onUpdate: async () => {},
  onTrouble: ({ at, error }) => console.log(`trouble ${at} ${String(error)}`),
})
console.log('follows')
process.once('SIGTERM', () => void following.stop())
await following.finished
