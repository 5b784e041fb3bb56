import { findDeskSignIn } from '../first-start/index.ts'
import { CannotStart } from '../platform/data-folder.ts'
import type { Environment } from '../platform/environment.ts'
import type { Settings } from '../settings.ts'
import { databaseOf, onDatabase } from './on-database.ts'

/**
 * The desk's user and password at the practice instance of an environment.
 * @throws CannotStart with a sentence for the person who asked, also where no practice instance was ever started there
 */
export const readDeskSignIn = (settings: Settings, environment: Environment): Promise<{ username: string; password: string }> =>
  onDatabase(settings, async database => {
    const found = await findDeskSignIn(database, environment)
    if (!found) throw new CannotStart(`In ${databaseOf(settings)} there is no practice instance for ${environment}.`)
    return found
  })
