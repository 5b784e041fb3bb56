/** A command that was written wrongly; nothing was asked of an instance. Its message says what to write instead. */
export class WrongUse extends Error {}
