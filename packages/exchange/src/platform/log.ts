/** Private detail goes here and nowhere else; what a partner reads is in errors.ts. One JSON object a line, to standard error. */
export interface Log {
  info(event: string, detail?: Record<string, unknown>): void
  error(event: string, detail?: Record<string, unknown>): void
}

export type LogLevel = 'info' | 'error' | 'silent'

/** A log that writes from this level upwards. Errors in the detail are written with their message and stack. */
export function openLog(level: LogLevel): Log {
  const write =
    (severity: 'info' | 'error') =>
    (event: string, detail: Record<string, unknown> = {}) => {
      if (level === 'silent' || (level === 'error' && severity === 'info')) return
      process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), severity, event, ...detail }, readable)}\n`)
    }
  return { info: write('info'), error: write('error') }
}

function readable(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { ...value, name, message, stack, ...(cause === undefined ? {} : { cause }) }
}
