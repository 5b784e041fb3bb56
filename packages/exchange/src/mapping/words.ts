/** The partner's words, in their documented letter case (first seed, chapters 1 to 3; contract connect-api 1.2 to 1.4). */

export const TICKET_WORDS = ['Incident', 'Request for Information', 'Change Request', 'Service Request'] as const
export const TASK_WORDS = ['Incident Task', 'Change Task', 'Request Task'] as const
export type TicketWord = (typeof TICKET_WORDS)[number]
export type TaskWord = (typeof TASK_WORDS)[number]
export type Word = TicketWord | TaskWord

export const PRIORITIES = ['1 - Critical', '2 - High', '3 - Moderate', '4 - Low', '5 - Planning'] as const

/** What a partner can say about a ticket, and may be told when it changes. */
export const WATCHED_FIELDS = [
  'short_description',
  'description',
  'priority',
  'service',
  'ci',
  'contact',
  'user',
  'desired_delivery_date',
] as const
export type WatchedField = (typeof WATCHED_FIELDS)[number]

export const TICKET_ACTIONS = ['Comment', 'Response'] as const

/** `Attachment` is in the document (3.3) and not in the OpenAPI; both are accepted (contract connect-api 1.3). */
export const TASK_ACTIONS = [
  'In Progress',
  'On Hold',
  'Comment',
  'Worknote',
  'Attachment',
  'Closed Complete',
  'Closed Incomplete',
  'Closed Skipped',
  'Response',
] as const
export type TaskAction = (typeof TASK_ACTIONS)[number]
/** The task actions that change the task's state. */
export type WorkAction = Exclude<TaskAction, 'Comment' | 'Worknote' | 'Attachment' | 'Response'>
