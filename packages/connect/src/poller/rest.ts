/** A pause that can be ended early. */
export class Rest {
  #wake: (() => void) | undefined

  async during(ms: number): Promise<void> {
    if (ms <= 0) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }

  end(): void {
    this.#wake?.()
  }
}
