import { type DemoEnded, endDemoCredentials } from '../first-start/index.ts'
import type { Settings } from '../settings.ts'
import { tellBeside } from './beside.ts'
import { onDatabase } from './on-database.ts'

/**
 * Ends the demo company's credentials, whoever has made them: its secrets and tokens open nothing any more, in every running exchange at
 * once, and its people are removed. Its tickets stay. An exchange that makes them at this moment is waited for.
 * @throws CannotStart with a sentence for the person who asked
 */
export const endDemo = (settings: Settings): Promise<DemoEnded> =>
  onDatabase(settings, database =>
    database.transaction(async queries => {
      const ended = await endDemoCredentials(queries)
      await tellBeside(queries, { command: 'demo end' })
      return ended
    }),
  )
