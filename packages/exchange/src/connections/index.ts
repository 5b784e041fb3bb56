export { connectDesk } from './connect-desk.ts'
export type { Desk, Desks } from './desk.ts'
export { asking, outcomeUnknown, passes, toPartner } from './trouble.ts'
