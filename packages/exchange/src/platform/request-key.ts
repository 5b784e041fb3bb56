import { ExchangeError } from './errors.ts'

const LONGEST = 255

/** The Idempotency-Key header of a request, if it has one; an empty one is none. */
export function idempotencyKey(call: { requestHeader(name: string): string | null }): string | null {
  const key = call.requestHeader('idempotency-key')
  if (key === null || key.trim() === '') return null
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > LONGEST)
    throw new ExchangeError('invalid_field', `Idempotency-Key must be 1 to ${LONGEST} visible ASCII characters without spaces.`, {
      field: 'Idempotency-Key',
    })
  return key
}
