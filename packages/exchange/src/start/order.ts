import type { StartPart } from './part.ts'
import { accesses } from './parts/accesses.ts'
import { addresses, alikeReferences, demoCompany, desks, instances } from './parts/desks.ts'
import { door, firstSteps, front, phase, remarks } from './parts/front.ts'
import { beside, broken, calls, log, metrics, silence } from './parts/health.ts'
import { connections, guesses, operators, passwords, quota, savedConnections, tokens } from './parts/sign-in.ts'
import { database, databaseServer, folder, leftBehind, lostTime, lostTimeWatch, notices, spool } from './parts/storage.ts'
import { baselines, capture, housekeeping, practiceChanges, queue, recordedWrites, wakeCalls } from './parts/work.ts'

/** In this order the exchange is opened, and in the opposite one closed. */
export const ORDER: readonly StartPart[] = [
  log,
  calls,
  metrics,
  broken,
  folder,
  phase,
  // Callers are answered from here on: that it is starting.
  door,

  lostTime,
  silence,
  databaseServer,
  database,
  notices,
  beside,
  lostTimeWatch,
  spool,
  leftBehind,

  passwords,
  demoCompany,
  alikeReferences,
  savedConnections,
  accesses,
  instances,
  desks,

  // Closed in the opposite order: recorded writes finish first, while capture still turns them into updates.
  wakeCalls,
  capture,
  recordedWrites,
  practiceChanges,

  quota,
  guesses,
  tokens,
  operators,
  queue,
  connections,
  housekeeping,

  baselines,
  addresses,
  firstSteps,
  remarks,
  // From here on callers get answers; closing begins with them.
  front,
]
