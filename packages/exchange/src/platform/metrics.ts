import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  countAnswer(operation: string, status: number, milliseconds: number): void
  /** A password was held against a slow hash, be it that of nobody. */
  countPasswordCheck(): void
  countUpdates(environment: string, updates: number): void
  /** A look at an environment's instance has asked it so often. */
  countLook(environment: string, calls: number): void
  /** What needs attention now, as /readyz tells it; undefined while the database is away. */
  setAttention(troubles: readonly { kind: string; environment: string | null; count: number }[] | undefined): void
  /** In the text format that Prometheus reads. */
  text(): Promise<string>
}

/** The figures at /metrics. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const answers = new Counter({
    name: 'deskbridge_answers_total',
    help: 'Answers given',
    labelNames: ['operation', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'deskbridge_answer_seconds',
    help: 'Time to answer',
    labelNames: ['operation'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    registers: [registry],
  })
  const passwords = new Counter({
    name: 'deskbridge_password_checks_total',
    help: 'Passwords held against a slow hash',
    registers: [registry],
  })
  const updates = new Counter({
    name: 'deskbridge_updates_total',
    help: 'Updates put into queues',
    labelNames: ['environment'],
    registers: [registry],
  })
  const looks = new Histogram({
    name: 'deskbridge_look_calls',
    help: 'Calls of an instance in one look for changes',
    labelNames: ['environment'],
    buckets: [2, 5, 10, 20, 50, 100],
    registers: [registry],
  })
  const troubles = new Gauge({
    name: 'deskbridge_troubles',
    help: 'What needs attention now, as /readyz tells it',
    labelNames: ['kind', 'environment'],
    registers: [registry],
  })
  const up = new Gauge({ name: 'deskbridge_database_up', help: '1 while the database answers', registers: [registry] })
  // Finding a label costs more than counting, so each is found once; operations and statuses are few.
  const counting = new Map<string, { answers: Counter.Internal; seconds: Histogram.Internal<'operation'> }>()
  return {
    countAnswer(operation, status, milliseconds) {
      const key = `${operation} ${status}`
      let at = counting.get(key)
      if (!at) {
        at = { answers: answers.labels({ operation, status }), seconds: seconds.labels({ operation }) }
        counting.set(key, at)
      }
      at.answers.inc()
      at.seconds.observe(milliseconds / 1000)
    },
    countPasswordCheck: () => passwords.inc(),
    countUpdates: (environment, count) => updates.inc({ environment }, count),
    countLook: (environment, calls) => looks.observe({ environment }, calls),
    setAttention(now) {
      up.set(now ? 1 : 0)
      if (!now) return
      troubles.reset()
      for (const { kind, environment, count } of now) troubles.set({ kind, environment: environment ?? '' }, count)
    },
    text: () => registry.metrics(),
  }
}
