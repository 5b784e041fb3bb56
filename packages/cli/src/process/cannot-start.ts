/** A command that cannot begin; its message says in a sentence what to change. The exchange has an equal one of its own. */
export class CannotStart extends Error {}
