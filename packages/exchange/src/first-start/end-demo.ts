import type { Queries } from '../platform/database.ts'
import { type DemoRemains, readDemoRemains, shutDemoDoors, waitForDemo } from './demo.store.ts'
import { type MadeByDemo, readMadeByDemo } from './made-by-demo.store.ts'

/** What of the demo company was ended, and what its operator has made for others, which stays. */
export type DemoEnded = DemoRemains & { left: MadeByDemo }

/** Ends the demo company's credentials, in every process at once; nobody makes some before this transaction ends. */
export async function endDemoCredentials(queries: Queries): Promise<DemoEnded> {
  await waitForDemo(queries)
  const ended = await readDemoRemains(queries)
  await shutDemoDoors(queries)
  return { ...ended, left: await readMadeByDemo(queries) }
}
