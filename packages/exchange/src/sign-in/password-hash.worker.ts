import { randomBytes } from 'node:crypto'
import { hashSync, verifySync } from '@node-rs/argon2'

/** argon2id with the library's defaults (19 MiB, 2 passes): people choose passwords that can be guessed. */
export const hash = (password: string): string => hashSync(password)

/** For people who are not there: their password takes as long as anybody's, and is always wrong. */
const nobodys = hashSync(randomBytes(32))

export function matches({ password, stored }: { password: string; stored: string | undefined }): boolean {
  const right = verifySync(stored || nobodys, password)
  return right && Boolean(stored)
}
