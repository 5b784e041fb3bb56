/** One figure at /metrics. */
export interface MetricRow {
  /** `counter` and `histogram` count what this process did since its start; a `gauge` says how it is now. */
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
  /** Read from the database, so that every process of an exchange says the same. */
  readonly shared?: true
  /** It names partners: said to the operator's people and tokens alone. */
  readonly forOperator?: true
}

/** Every figure of ours at /metrics, by its name; those of Node stand beside them. */
export const METRICS = {
  deskbridge_answers_total: { kind: 'counter', help: 'Answers given', labels: ['operation', 'status'] },
  deskbridge_answer_seconds: {
    kind: 'histogram',
    help: 'Time to answer',
    labels: ['operation'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
  },
  deskbridge_password_checks_total: { kind: 'counter', help: 'Passwords held against a slow hash', labels: [] },
  deskbridge_updates_total: { kind: 'counter', help: 'Updates put into queues', labels: ['environment'] },
  deskbridge_look_calls: {
    kind: 'histogram',
    help: 'Calls of an instance in one look for changes',
    labels: ['environment'],
    buckets: [2, 5, 10, 20, 50, 100],
  },
  deskbridge_instance_calls_total: {
    kind: 'counter',
    help: 'Calls of an instance, by the status of the answer; none: no answer came',
    labels: ['environment', 'status'],
  },
  deskbridge_instance_call_seconds: {
    kind: 'histogram',
    help: 'Time until the head of an instance’s answer',
    labels: ['environment'],
    buckets: [0.01, 0.05, 0.2, 0.5, 1, 2, 5, 10],
  },
  deskbridge_troubles: { kind: 'gauge', help: 'What needs attention now, as /readyz tells it', labels: ['kind', 'environment'] },
  deskbridge_database_up: {
    kind: 'gauge',
    help: '1 while the database answers within a second, else 0 and nothing is said that is read from it',
    labels: [],
  },
  deskbridge_capture_lag_seconds: {
    kind: 'gauge',
    help: 'Seconds since a look at the instance got through, before the first since this process started: what happened there since then is not told yet',
    labels: ['environment'],
    shared: true,
  },
  deskbridge_capture_due: {
    kind: 'gauge',
    help: 'Records that something happened to and that are not turned into updates yet',
    labels: ['environment'],
    shared: true,
  },
  deskbridge_unread_updates: {
    kind: 'gauge',
    help: 'Updates that partners have not read, of all partners',
    labels: ['environment'],
    shared: true,
  },
  deskbridge_oldest_unread_update_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest update that its partner has not read, of all partners',
    labels: ['environment'],
    shared: true,
  },
  deskbridge_partner_unread_updates: {
    kind: 'gauge',
    help: 'Updates that one partner has not read; the 20 queues whose oldest unread update is the oldest',
    labels: ['partner', 'environment'],
    shared: true,
    forOperator: true,
  },
  deskbridge_partner_oldest_unread_update_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest update that one partner has not read; the same queues',
    labels: ['partner', 'environment'],
    shared: true,
    forOperator: true,
  },
  deskbridge_writes: {
    kind: 'gauge',
    help: 'Recorded writes that ServiceNow does not have whole: open ones are tried again, halted ones wait for the partner to ask again',
    labels: ['environment', 'state'],
    shared: true,
  },
  deskbridge_oldest_open_write_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest open recorded write',
    labels: ['environment'],
    shared: true,
  },
  deskbridge_unanswered_news: { kind: 'gauge', help: 'New updates that no partner has answered', labels: ['environment'], shared: true },
  deskbridge_oldest_unanswered_new_seconds: { kind: 'gauge', help: 'Age of the oldest of them', labels: ['environment'], shared: true },
  deskbridge_partners_told: {
    kind: 'gauge',
    help: '1 in an answer to a credential of the operator’s, which has the figures by partner; else 0',
    labels: [],
  },
  deskbridge_spool_bytes: {
    kind: 'gauge',
    help: 'Bytes of the files on their way between partners and ServiceNow, of this process',
    labels: [],
  },
  deskbridge_spool_files: { kind: 'gauge', help: 'How many files that are', labels: [] },
  deskbridge_spool_limit_bytes: { kind: 'gauge', help: 'The most bytes that it takes (SPOOL_MIB)', labels: [] },
} as const satisfies Record<`deskbridge_${string}`, MetricRow>

/** The name of one of METRICS. */
export type MetricName = keyof typeof METRICS
