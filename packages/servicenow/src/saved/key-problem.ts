/**
 * A key or a sealed text that cannot be used; the message says in a sentence what to do.
 * @example
 * try {
 *   readOrMakeKeys(folder, { DESKBRIDGE_KEY: 'too short' })
 * } catch (error) {
 *   error instanceof KeyProblem // → true
 * }
 */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem'
}
