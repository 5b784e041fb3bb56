import type { Environment } from '../platform/environment.ts'

/** How capture and the recorded writes wake each other, whichever of them is opened first. What nobody listens to yet wakes nobody. */
export class WakeCalls {
  #captureListener: (environment: Environment) => void = () => {}
  #writesListener: () => void = () => {}

  onWakeCapture(listener: (environment: Environment) => void): void {
    this.#captureListener = listener
  }

  onWakeWrites(listener: () => void): void {
    this.#writesListener = listener
  }

  /** Something was written into an environment's instance. */
  wakeCapture(environment: Environment): void {
    this.#captureListener(environment)
  }

  /** Comments wait to be carried to their tickets. */
  wakeWrites(): void {
    this.#writesListener()
  }
}
