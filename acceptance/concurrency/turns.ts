/** Things that are done side by side, and such that are done while nothing else is. */
export class Turns {
  #running = 0
  #alone: Promise<void> | undefined
  #idle: (() => void) | undefined

  async together<T>(act: () => Promise<T>): Promise<T> {
    while (this.#alone) await this.#alone
    this.#running += 1
    try {
      return await act()
    } finally {
      this.#running -= 1
      if (!this.#running) this.#idle?.()
    }
  }

  async alone(act: () => Promise<void>): Promise<void> {
    while (this.#alone) await this.#alone
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#alone = promise
    if (this.#running)
      await new Promise<void>(done => {
        this.#idle = done
      })
    try {
      await act()
    } finally {
      this.#alone = undefined
      resolve()
    }
  }
}
