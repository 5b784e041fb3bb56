export { beginHorizon, forgetOldMarks, readHorizonsInForce } from './lost-time.store.ts'
export { type LookBack, type LostTime, rememberTime } from './lost-time.ts'
