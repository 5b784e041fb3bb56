import { accessChecks } from './access-checks.ts'
import type { HealthCheck } from './check.ts'
import { networkChecks } from './network-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything the doctor looks at, in the order in which a person reads it. */
export const healthChecks: readonly HealthCheck[] = [...networkChecks, ...accessChecks, ...pluginChecks]
