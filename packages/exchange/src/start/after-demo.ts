import { type DemoRemains, endDemoCredentials, readDemoRemains } from '../first-start/index.ts'
import type { Settings } from '../settings.ts'
import { onDatabase } from './on-database.ts'

/** What `endDemo` has ended. */
export type DemoEnded = DemoRemains

/**
 * Ends the demo company's credentials, whoever has made them: its secrets and tokens open nothing any more, in every running exchange at
 * once, and its people are removed. Its tickets stay..
 * @throws CannotStart with a sentence for the person who asked
 */
export const endDemo = (settings: Settings): Promise<DemoEnded> =>
  onDatabase(settings, database =>
    database.transaction(async queries => {
      const ended = await readDemoRemains(queries)
      await endDemoCredentials(queries)
      return ended
    }),
  )
