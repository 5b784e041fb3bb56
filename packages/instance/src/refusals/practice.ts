import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: the doors that ServiceNow does not have. */

export const tooBusy = () =>
  new Refusal(503, 'Service Unavailable', 'Somebody writes all the time, perhaps a slow upload: nothing was reset. Try again later', {
    'Retry-After': '30',
  })

export const adminsOnly = () => new Refusal(403, 'User Not Authorized', 'Only an administrator of the practice instance may do this')
