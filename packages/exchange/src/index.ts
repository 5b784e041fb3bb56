export type { FirstSteps } from './first-start/index.ts'
export { CannotStart } from './platform/data-folder.ts'
export { readSettings, SETTINGS, type Settings } from './settings.ts'
export { type RunningExchange, startExchange } from './start.ts'
