import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { METRICS, type MetricName, type MetricRow } from './metric-rows.ts'

/** One value of a gauge. */
export interface Figure {
  name: MetricName
  labels?: Readonly<Record<string, string>>
  value: number
}

export interface Metrics {
  countAnswer(operation: string, status: number, milliseconds: number): void
  /** A password was held against a slow hash, be it that of nobody. */
  countPasswordCheck(): void
  countUpdates(environment: string, updates: number): void
  /** A look at an environment's instance has asked it so often. */
  countLook(environment: string, calls: number): void
  /** An instance was asked something. `none`: no answer came. */
  countInstanceCall(environment: string, status: number | 'none', milliseconds: number): void
  /** All of it in the text format that Prometheus reads: what was counted, and these values of the gauges. Partners by name only `toOperator`. */
  text(figures: readonly Figure[], to: { toOperator: boolean }): Promise<string>
}

/** The figures at /metrics. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const rows = Object.entries<MetricRow>(METRICS)
  const all = new Map(rows.flatMap(([name, row]) => (row.kind === 'gauge' ? [] : [[name, made(registry, name, row)]])))
  const counter = (name: MetricName) => all.get(name) as Counter
  const histogram = (name: MetricName) => all.get(name) as Histogram
  // Finding a label costs more than counting, so each is found once; operations and statuses are few.
  const counting = new Map<string, { total: Counter.Internal; seconds: Histogram.Internal<string> }>()
  const count = (total: MetricName, seconds: MetricName, labels: Readonly<Record<string, string>>, status: string, ms: number) => {
    const key = `${total} ${Object.values(labels).join(' ')} ${status}`
    let at = counting.get(key)
    if (!at) {
      at = { total: counter(total).labels({ ...labels, status }), seconds: histogram(seconds).labels(labels) }
      counting.set(key, at)
    }
    at.total.inc()
    at.seconds.observe(ms / 1000)
  }
  return {
    countAnswer: (operation, status, ms) =>
      count('deskbridge_answers_total', 'deskbridge_answer_seconds', { operation }, String(status), ms),
    countPasswordCheck: () => counter('deskbridge_password_checks_total').inc(),
    countUpdates: (environment, updates) => counter('deskbridge_updates_total').inc({ environment }, updates),
    countLook: (environment, calls) => histogram('deskbridge_look_calls').observe({ environment }, calls),
    countInstanceCall: (environment, status, ms) =>
      count('deskbridge_instance_calls_total', 'deskbridge_instance_call_seconds', { environment }, String(status), ms),
    async text(figures, { toOperator }) {
      // Each answer has gauges of its own: two who ask at once, one of them the operator, never see each other's.
      const own = new Registry()
      for (const [name, row] of rows) {
        if (row.kind !== 'gauge' || (row.forOperator && !toOperator)) continue
        const gauge = made(own, name, row) as Gauge
        for (const { labels, value } of figures.filter(figure => figure.name === name)) gauge.set({ ...labels }, value)
      }
      return `${await registry.metrics()}\n${await own.metrics()}`
    },
  }
}

function made(registry: Registry, name: string, { kind, help, labels, buckets }: MetricRow): Counter | Gauge | Histogram {
  const options = { name, help, labelNames: [...labels], registers: [registry] }
  if (kind === 'counter') return new Counter(options)
  return kind === 'gauge' ? new Gauge(options) : new Histogram({ ...options, ...(buckets ? { buckets: [...buckets] } : {}) })
}
