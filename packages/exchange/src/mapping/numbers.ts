import { ExchangeError } from '../platform/errors.ts'
import { normalName } from './same-name.ts'

/** How the instance's numbers look to partners: KPN's `INC#0010001`, or as they are. */
export type NumberLook = 'hash' | 'plain'

const NUMBER = /^([A-Z]+)(\d+)$/

/** INC0010001 as a partner reads it. */
export function shownNumber(number: string, look: NumberLook): string {
  return look === 'hash' ? number.replace(NUMBER, '$1#$2') : number
}

/**
 * The instance's number for what a partner wrote: `INC#0010001` and `INC0010001` are the same, in any letter case, with blanks around them or not.
 * @throws ExchangeError number_cut_off when only the letters arrived: an unencoded # ends a URL's query.
 */
export function instanceNumber(written: string, field = 'kpn_ticket_number'): string {
  const number = normalName(written).toUpperCase().replace('#', '')
  if (/^[A-Z]+$/.test(number))
    throw new ExchangeError('number_cut_off', `${field} "${written}" has no digits: it was cut off at the character #.`, { field })
  if (!NUMBER.test(number) || number.length > 40)
    throw new ExchangeError('invalid_field', `${field} "${written.slice(0, 60)}" is not a number such as INC#0010001.`, { field })
  return number
}
