const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g

/**
 * A name as it is compared: letters composed (Unicode NFC: macOS sends "é" as two characters), a line break inside it a blank, no blanks
 * at its ends. It is never stored in the place of what was sent. `migrations/0008_references.sql` says the same in SQL.
 */
export const normalName = (name: string): string => name.normalize('NFC').replace(LINE_BREAK, ' ').trim()

/** Whether two people would say that it is the same name. */
export const sameName = (one: string, other: string): boolean => one === other || normalName(one) === normalName(other)

/** The ways in which a record of the instance may be called this: letters composed, and in two parts. */
export const spellings = (name: string): string[] => [...new Set([normalName(name), normalName(name).normalize('NFD')])]
