export { PostgresUnavailable, type RunningPostgres, startPostgres } from './embedded.ts'
export { findRunningPostgres, type RunningElsewhere } from './running.ts'
