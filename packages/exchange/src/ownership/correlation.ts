import { createHash } from 'node:crypto'

/**
 * `filed`: a ticket that the partner filed, which is its own for good. `bound`: a record that the operator made and to which the
 * partner gave its reference; whose it is, its company or solver group says. `item`: the item of a filed service request.
 */
export type CorrelationPart = 'filed' | 'bound' | 'item'

/**
 * What a record of ours carries as `correlation_id`: 40 hexadecimal characters that say whose it is and under which reference,
 * and in which a partner's text can do no harm. The reference itself stands in `correlation_display`.
 */
export function correlationId(environment: string, partnerId: string, reference: string, part: CorrelationPart): string {
  return createHash('sha256').update(`${environment}\0${partnerId}\0${reference}\0${part}`).digest('hex').slice(0, 40)
}
