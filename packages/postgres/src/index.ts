export { PostgresUnavailable, type RunningPostgres, startPostgres } from './embedded.ts'
