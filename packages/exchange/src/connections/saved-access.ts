import { ConnectionProblem, KeyProblem, type OpenedConnection, type SavedConnections } from '@deskbridge/servicenow'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Notices } from '../platform/notices.ts'
import type { Access } from './access.ts'

/** Where a notice was lost, what was rotated is in use after so long. */
const LOOK_EVERY_MS = 30_000
/** A connection that is refused again and again has its row looked at no oftener. */
const LOOK_AGAIN_MS = 1_000

/** What tells all exchange processes that a saved connection has changed; its text is the name. */
export const CONNECTION_NOTICE = 'connection'

/** Which saved connection is followed, and for which environment it must be. */
export interface Followed {
  name: string
  environment: Environment
  saved: SavedConnections
  notices: Notices
  log: Log
}

/**
 * Follows a saved connection: what is rotated, taken back or retired is in use at once in every exchange process, and after 30 s where the
 * notice was lost. What cannot be used any more (removed, moved, sealed with another key) changes nothing here, and is logged once.
 * @throws ConnectionProblem, KeyProblem when it cannot be used from the start
 */
export async function followSaved(followed: Followed): Promise<Access> {
  const { name, environment, notices, log } = followed
  const listeners: (() => void)[] = []
  let known = await readUsable(followed)
  let lastProblem = ''
  let askedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function lookOnce(): Promise<void> {
    try {
      const found = await readUsable(followed, known)
      lastProblem = ''
      if (isSame(found, known)) return
      known = found
      log.info('saved connection changed', { environment, connection: name, signsInAs: found.shown.inUse.who })
      for (const listener of listeners) listener()
    } catch (error) {
      // A database that is away says nothing about the connection.
      if (!isProblem(error) || error.message === lastProblem) return
      lastProblem = error.message
      const detail = { environment, connection: name, problem: error.message }
      log.error('saved connection cannot be used as it is now; the exchange goes on with what it had', detail)
    }
  }
  const look = () =>
    (looking ??= lookOnce().finally(() => {
      looking = undefined
    }))
  /** A look that is under way may have read what was before. */
  const lookAfresh = async () => {
    await looking
    await look()
  }

  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  notices.on(CONNECTION_NOTICE, changed => void (changed === name && lookAfresh()))
  notices.onBack(() => void lookAfresh())
  return {
    now: () => known,
    onChange: listener => void listeners.push(listener),
    async look() {
      if (!looking && performance.now() - askedAt < LOOK_AGAIN_MS) return
      askedAt = performance.now()
      await look()
    },
    close: () => clearInterval(timer),
  }
}

async function readUsable({ name, environment, saved }: Followed, before?: OpenedConnection): Promise<OpenedConnection> {
  const found = await saved.open(name)
  const { environment: of, url } = found.shown
  if (of !== environment) throw new ConnectionProblem('invalid', `The connection "${name}" is for ${of}, not for ${environment}.`)
  if (before && before.shown.url !== url)
    throw new ConnectionProblem('invalid', `The connection "${name}" has another address than at the start: ${url}.`)
  return found
}

/** What a person can do something about: it was removed, moved, or sealed with a key that is not here. */
const isProblem = (error: unknown): error is ConnectionProblem | KeyProblem =>
  error instanceof ConnectionProblem || error instanceof KeyProblem

const isSame = (one: OpenedConnection, other: OpenedConnection) =>
  JSON.stringify([one.inUse, one.previous]) === JSON.stringify([other.inUse, other.previous])
