import { METRICS, type MetricRow } from '../../packages/exchange/src/platform/metric-rows.ts'
import { code, page, table } from './markdown.ts'

export function metricsPage(): string {
  return page(
    'Metrics',
    '`packages/exchange/src/platform/metric-rows.ts`',
    'What `GET /metrics` says, in the text format of Prometheus, beside the figures of Node itself (`process_…`, `nodejs_…`). What a process counts is its own; a figure that is *shared* is read from the database, so that every process says the same: take one of them (`max by`), not their sum. It is as old as 2 s at most, and is not said while the database does not answer within a second. A figure by partner stands only in an answer to a credential of the operator’s (`Authorization: Bearer dbo_…`, a token of scope read, or a person’s HTTP Basic): nobody else learns who the partners are. `deskbridge_troubles`, `deskbridge_instance_calls_total` and the figures by partner are not said where there is nothing to count; the other gauges say 0.',
    'What to alert on: [watching an exchange](../guides/watching.md).',
    table(
      ['figure', 'kind', 'labels', 'shared', 'to', 'what it is'],
      Object.entries<MetricRow>(METRICS).map(([name, { kind, labels, shared, forOperator, help }]) => [
        code(name),
        kind,
        labels.map(code).join(', '),
        shared ? 'yes' : '',
        forOperator ? 'the operator' : 'anyone',
        help,
      ]),
    ),
  )
}
