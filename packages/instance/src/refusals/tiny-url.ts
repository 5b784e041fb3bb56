import { Refusal } from './refusal.ts'

/** ServiceNow documents nothing about these; the texts are our own. */

export const notAnAddress = (detail: string) => new Refusal(400, 'Invalid URL', detail)

/** Ignoring it would answer with the whole table. */
export const unknownTiny = () => new Refusal(400, 'Invalid sysparm_tiny', 'There is no long URL for this value')
