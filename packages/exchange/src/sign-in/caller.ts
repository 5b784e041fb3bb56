import type { Terms } from '../agreements/index.ts'
import type { Delivery } from '../partners/index.ts'
import type { Environment } from '../platform/environment.ts'

/** A partner's system that has signed in: who it is and what it may do. Its credential alone decides the environment. */
export interface Caller {
  projectId: string
  projectName: string
  delivery: Delivery
  partnerId: string
  partnerName: string
  environment: Environment
  terms: Terms
}
