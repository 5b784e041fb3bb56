import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 2.4, row "Invalid staging table". */
export const noStagingTable = (name: string) => new Refusal(400, 'Invalid staging table', name)

export const noRecords = () => new Refusal(400, 'Exception while reading request', 'The body needs a list of records, at most 1000')
