/** The partner's words, in their documented letter case (first seed, chapters 1 to 3; contract connect-api 1.2 to 1.4). */

export const TICKET_WORDS = ['Incident', 'Request for Information', 'Change Request', 'Service Request'] as const
/** The types of a task. */
export const TASK_WORDS = ['Incident Task', 'Change Task', 'Request Task'] as const
/** One of TICKET_WORDS. */
export type TicketWord = (typeof TICKET_WORDS)[number]
/** One of TASK_WORDS. */
export type TaskWord = (typeof TASK_WORDS)[number]
/** The type of a ticket or task. */
export type Word = TicketWord | TaskWord

/** The priorities of a ticket, the most urgent first. */
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
/** One of WATCHED_FIELDS. */
export type WatchedField = (typeof WATCHED_FIELDS)[number]

/** What a customer does to a ticket with a PATCH. */
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
/** One of TASK_ACTIONS. */
export type TaskAction = (typeof TASK_ACTIONS)[number]
/** The task actions that change the task's state. */
export type WorkAction = Exclude<TaskAction, 'Comment' | 'Worknote' | 'Attachment' | 'Response'>
