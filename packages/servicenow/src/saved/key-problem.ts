/** A key or a sealed text that cannot be used; the message says in a sentence what to do. */
export class KeyProblem extends Error {
  override readonly name = 'KeyProblem'
}
