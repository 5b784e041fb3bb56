import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, written so that they need no escaping anywhere. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')

/** Secrets and tokens are random, so guessing them is hopeless and a slow hash would only be a way to keep us busy. */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer')

/** Whether a secret is one of these, in the same time whichever it is. */
export function isOneOf(secret: string, hashes: readonly Buffer[]): boolean {
  const sent = sha256(secret)
  return hashes.reduce((found, candidate) => timingSafeEqual(sent, candidate) || found, false)
}
