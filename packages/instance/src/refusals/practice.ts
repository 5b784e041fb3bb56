import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: the doors that ServiceNow does not have. */

export const adminsOnly = () => new Refusal(403, 'User Not Authorized', 'Only an administrator of the practice instance may do this')
