/**
 * A change was sent, and what came of it did not get here whole: nobody knows whether it was made, or what was made is lost. Which list to look
 * at is said by the sub-command.
 */
export class PerhapsChanged extends Error {}
