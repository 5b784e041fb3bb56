import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: its switches for faults. */

export const notAFault = (detail: string) => new Refusal(400, 'Not a fault', `${detail}. GET /practice/faults/kinds lists them`)

export const noSuchFault = () => new Refusal(404, 'No such fault')
