import type { Sentence } from './scene.ts'
import { THE_CUSTOMER } from './the-customer.ts'
import { THE_END } from './the-end.ts'
import { THE_PROVIDER } from './the-provider.ts'

/** One incident, from the customer's first call to closing, with a provider's part in it. */
export const FROM_FIRST_CALL_TO_CLOSING: readonly Sentence[] = [...THE_CUSTOMER, ...THE_PROVIDER, ...THE_END]
