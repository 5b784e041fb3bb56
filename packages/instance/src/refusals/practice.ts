import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: the doors that ServiceNow does not have. */

export const tooBusy = () =>
  new Refusal(503, 'Service Unavailable', 'Somebody writes all the time, perhaps a slow upload: nothing was reset. Try again later', {
    'Retry-After': '30',
  })

/** A process that was started before a seed brought tables does not know them; a record of a seed may refer to one that somebody made. */
export const notMadeAgain = (why: string) =>
  new Refusal(409, 'Conflict', `Nothing was reset. ${why}. Where another process has loaded that seed since, start this one again`)

export const nothingToSay = (does: string) => new Refusal(400, 'Nothing was done', `This takes no input: ${does}`)

export const adminsOnly = () => new Refusal(403, 'User Not Authorized', 'Only an administrator of the practice instance may do this')
