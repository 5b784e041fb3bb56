export { beginHorizon, forgetOldMarks, horizonsInForce } from './lost-time.store.ts'
export { type LookBack, type LostTime, rememberTime } from './lost-time.ts'
