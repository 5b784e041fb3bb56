/**
 * A text of an instance as it can be kept and sent. An instance cuts a text at its length, also in the middle of a character that takes two
 * UTF-16 units, and PostgreSQL keeps neither half of one in JSON nor NUL anywhere: each becomes U+FFFD.
 */
export const readable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
