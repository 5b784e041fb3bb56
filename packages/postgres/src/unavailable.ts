/** Said to a person: what stops PostgreSQL from running here, and what to do about it. */
export class PostgresUnavailable extends Error {}
