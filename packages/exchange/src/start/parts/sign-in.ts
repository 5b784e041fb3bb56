import { readOrMakeKeys, SavedConnections } from '@deskbridge/servicenow'
import { CONNECTION_NOTICE, connectionRows, OperatorConnections } from '../../connections/index.ts'
import { ENVIRONMENTS } from '../../platform/environment.ts'
import { connectionVariable } from '../../settings.ts'
import { openGuesses, openOperators, openPasswords, openQuota, openTokens } from '../../sign-in/index.ts'
import { startPart } from '../part.ts'

export const passwords = startPart('passwords', ['metrics'], {
  open: ({ metrics }) => openPasswords(metrics.countPasswordCheck),
  close: own => own.close(),
})

export const quota = startPart('quota', ['database', 'log'], {
  open: ({ database, log }) => openQuota(database, error => log.error('quota not shared', { error: error as Error })),
  close: own => own.close(),
})

export const guesses = startPart('guesses', ['database'], { open: ({ database }) => openGuesses(database) })

export const tokens = startPart('tokens', ['database', 'notices', 'guesses'], {
  open: given => openTokens(given.database, given.notices, given.guesses),
})

export const operators = startPart('operators', ['database', 'guesses', 'passwords'], {
  open: given => openOperators(given.database, given.guesses, given.passwords),
})

/** Credentials that cannot be opened stop nothing else: whoever uses them is told. */
export const savedConnections = startPart('savedConnections', ['settings', 'folder', 'database', 'log'], {
  async open({ settings: { key }, folder: { path }, database, log }) {
    const keys = () => readOrMakeKeys(path, { DESKBRIDGE_KEY: key.current, DESKBRIDGE_OLD_KEY: key.old })
    const own = new SavedConnections(connectionRows(database), keys)
    await own.sealAnew().catch(error => log.error('saved credentials cannot be sealed with the present key', { error }))
    return own
  },
})

/** What the operator does with them. Those that the exchange itself signs in with are neither removed nor moved. */
export const connections = startPart('connections', ['settings', 'savedConnections', 'notices'], {
  open({ settings, savedConnections: saved, notices }) {
    const inUse = ENVIRONMENTS.flatMap((environment): [string, string][] => {
      const { connection } = settings.instances[environment]
      return connection ? [[connection, connectionVariable(environment)]] : []
    })
    return new OperatorConnections(saved, new Map(inUse), name => notices.tell(CONNECTION_NOTICE, name))
  },
})
