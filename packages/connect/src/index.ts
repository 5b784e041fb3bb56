export type { CallOptions, WriteOptions } from './call.ts'
export { type ClientOptions, type ConnectClient, connectClient, type ServiceAddress } from './client.ts'
export { ConnectError, type Failure } from './connect-error.ts'
export type { AttachmentDetails } from './incoming-attachment.ts'
export type { Attachment } from './operations/get-attachment.ts'
export type { UpdateQuestion } from './operations/ticket-updates.ts'
export { ATTACHMENT_LIMIT, type OutgoingAttachment } from './outgoing-attachment.ts'
export type { Comparison } from './poller/comparison.ts'
export { type JournalContent, readJournal } from './poller/journal.ts'
export type { Position, SeenTicket } from './poller/journal-record.ts'
export { type Handing, type Poller, type PollerOptions, poller } from './poller/poller.ts'
export type { PollerMode } from './poller/reading.ts'
export type { Trouble } from './poller/trouble.ts'
export type { Patience } from './repetition.ts'
export type { TaskResponse, TaskWork } from './task.ts'
export type {
  CommentOrAttachments,
  ListedAttachment,
  NewTicket,
  Numbers,
  Priority,
  Receipt,
  TaskType,
  TicketComment,
  TicketDetails,
  TicketEntry,
  TicketResponse,
  TicketSummary,
  TicketType,
} from './ticket.ts'
export type { TicketAttributes, TicketUpdate, UpdateAction } from './ticket-update.ts'
