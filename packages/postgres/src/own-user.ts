import { randomInt } from 'node:crypto'
import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { findClosedFolder } from './binaries.ts'
import { PostgresUnavailable } from './unavailable.ts'

/** The account that many programs share. Databases belonged to it before each had a user of its own. */
export const NOBODY = 65_534

/** A user and a group with the same number, which no account has. */
export interface OwnUser {
  uid: number
  gid: number
}

/**
 * Numbers that neither accounts nor containers nor systemd's users are given (systemd, docs/UIDS-GIDS.md). A user namespace may know
 * the small ones only.
 */
const UNUSED_NUMBERS = [
  { from: 1_879_048_192, to: 2_147_352_575 },
  { from: 60_578, to: 61_183 },
]

const SHARED = 0o1000
const OTHERS_WRITE = 0o002

/**
 * Makes the folder of a database, or sees that it may be used: it is never reached through a link that somebody else made, and never
 * taken from somebody else.
 * @returns its real path
 * @throws PostgresUnavailable naming whose it is
 */
export function makeDatabaseFolder(folder: string): string {
  const path = resolve(folder)
  // The server's own user has to get through what is above it.
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 })
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const me = process.getuid?.()
  if (me === undefined) return path
  const link = lstatSync(path)
  if (link.isSymbolicLink() && link.uid !== 0 && link.uid !== me)
    throw new PostgresUnavailable(`${path} is a link that user ${link.uid} made. Remove it, or choose another folder with DESKBRIDGE_DATA.`)
  const real = realpathSync(path)
  const { uid } = statSync(real)
  if (me !== 0) {
    if (uid !== me)
      throw new PostgresUnavailable(`The database in ${real} belongs to user ${uid}, and you are ${me}. Start Deskbridge as that user.`)
    return real
  }
  const above = dirname(real)
  const { uid: ownerAbove, mode } = statSync(above)
  const isShared = (mode & SHARED) !== 0
  if (ownerAbove !== 0 || ((mode & OTHERS_WRITE) !== 0 && !isShared))
    throw new PostgresUnavailable(
      `You are root, and others may change what is in ${above}. Put the data elsewhere (DESKBRIDGE_DATA=/var/lib/deskbridge), or see that only root may: chown root ${above} && chmod go-w ${above}`,
    )
  // In a folder that all share, anybody may have put there what belongs to a shared account.
  if (uid !== 0 && !isUnused(uid) && (uid !== NOBODY || isShared))
    throw new PostgresUnavailable(
      `The database in ${real} belongs to user ${uid}, and you are root. Start Deskbridge as that user, or take it over: chown -R root ${real}`,
    )
  return real
}

/**
 * Whom the server of a folder runs as: us, or, because PostgreSQL refuses to run as root, a user of its own. Which one, the folder's
 * owner tells; a folder of root or of `nobody` gets one and is given to it.
 * @throws PostgresUnavailable when that user could not get to the folder
 */
export function chooseUser(data: string): OwnUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const closed = findClosedFolder(dirname(data))
  if (closed)
    throw new PostgresUnavailable(
      `You are root, and PostgreSQL does not run as root, so it runs as a user of its own, who may not enter ${closed}. ` +
        `Put the data elsewhere (DESKBRIDGE_DATA=/var/lib/deskbridge), or run as an ordinary user, or allow it: chmod o+x ${closed}`,
    )
  const { uid } = statSync(data)
  const user = isUnused(uid) ? both(uid) : both(findUnusedNumber())
  if (uid === NOBODY) giveFolder(data, user)
  else if (uid === 0 && readdirSync(data).length > 0) giveFolder(data, user)
  return user
}

/**
 * Gives a folder and everything in it to a user. From the first moment only root gets in, so nothing is exchanged for a link meanwhile;
 * the folder itself comes last, so that one that was interrupted is begun anew.
 */
export function giveFolder(folder: string, { uid, gid }: OwnUser): void {
  lchownSync(folder, 0, 0)
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      giveFolder(path, { uid, gid })
      continue
    }
    const { nlink } = lstatSync(path)
    if (entry.isFile() && nlink > 1)
      throw new PostgresUnavailable(
        `${path} is a file with a second name elsewhere, so it is not given away. Remove that name, or the file.`,
      )
    lchownSync(path, uid, gid)
  }
  lchownSync(folder, uid, gid)
}

const both = (number: number): OwnUser => ({ uid: number, gid: number })

const isUnused = (uid: number) => UNUSED_NUMBERS.some(({ from, to }) => from <= uid && uid <= to)

function findUnusedNumber(): number {
  const { from, to } = UNUSED_NUMBERS.find(range => isKnown(range, 'uid') && isKnown(range, 'gid')) ?? UNUSED_NUMBERS.at(-1)!
  return randomInt(from, to + 1)
}

/** Whether this user namespace has all numbers of a range (user_namespaces(7)). */
function isKnown({ from, to }: { from: number; to: number }, kind: 'uid' | 'gid'): boolean {
  let map: string
  try {
    map = readFileSync(`/proc/self/${kind}_map`, 'utf8')
  } catch {
    return true
  }
  return map.split('\n').some(line => {
    const [first = Number.NaN, , count = 0] = line.trim().split(/\s+/).map(Number)
    return first <= from && to < first + count
  })
}
