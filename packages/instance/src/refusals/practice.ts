import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: the doors that ServiceNow does not have. */

export const adminsOnly = () => new Refusal(403, 'User Not Authorized', 'Faults are switched by an administrator')

export const notAFault = (detail: string) => new Refusal(400, 'Not a fault', detail)

export const noSuchFault = () => new Refusal(404, 'No such fault')
