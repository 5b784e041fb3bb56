import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 7 gives no bodies for what a batch refuses; the texts are our own. */

export const notABatch = (detail: string) => new Refusal(400, 'Invalid batch request', detail)

/** Of one request in a batch; the others go on. */
export const notAnItem = (detail: string) => new Refusal(400, 'Invalid request in batch', detail)

export const itemTooLarge = (bytes: number, most: number) =>
  notAnItem(`The request body has ${bytes} bytes. Max allowed: ${most} bytes (glide.rest.batch.max.inputSize).`)

/** The request was carried out, so its own status stays; only what it answered is left out. */
export const answerLeftOut = (bytes: number, most: number) =>
  `The response body has ${bytes} bytes and was left out. Max allowed: ${most} bytes (glide.rest.batch.max.outputSize).`
