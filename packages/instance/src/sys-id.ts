import { createHash, randomUUID } from 'node:crypto'

/** A new sys_id: 32 lower-case hex digits. */
export function newSysId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The same sys_id for the same name, everywhere: for demo records, and for business rules, whose id stands in their refusals. */
export function fixedSysId(name: string): string {
  return createHash('md5').update(name).digest('hex')
}

/** A sys_id as it is stored, however a caller writes it; ServiceNow's database does not tell `A` from `a`. */
export function asSysId(text: string): string {
  return isSysId(text) ? text.toLowerCase() : text
}

/** Whether a text has the form of a sys_id. */
export function isSysId(text: string): boolean {
  return /^[0-9a-fA-F]{32}$/.test(text)
}
