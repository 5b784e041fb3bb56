/** One line of the exchange's log. */
export interface LogLine {
  at: string
  severity: 'info' | 'error'
  event: string
  [detail: string]: unknown
}

/** The lines of the log in what a command has written, in their order. */
export const logLines = (output: string): LogLine[] =>
  output
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line))

/** Those of one event. */
export const linesOf = (output: string, event: string): LogLine[] => logLines(output).filter(line => line.event === event)
