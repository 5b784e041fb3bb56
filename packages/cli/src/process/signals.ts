/** The first signal that asks us to end. */
export function waitForEnd(): Promise<NodeJS.Signals> {
  return new Promise(asked => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => asked(signal))
  })
}
