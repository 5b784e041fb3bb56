import { createHash, randomUUID } from 'node:crypto'

/** A new sys_id: 32 lower-case hex digits. */
export function newSysId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The same sys_id for the same name, everywhere: for demo records, and for business rules, whose id stands in their refusals. */
export function fixedSysId(name: string): string {
  return createHash('md5').update(name).digest('hex')
}
