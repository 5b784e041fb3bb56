export type { AttachmentDetails } from './attachments/incoming-attachment.ts'
export { ATTACHMENT_LIMIT, type OutgoingAttachment } from './attachments/outgoing-attachment.ts'
export type { CallOptions, WriteOptions } from './calling/call.ts'
export { ConnectError, type Failure } from './calling/connect-error.ts'
export type { Patience } from './calling/repetition.ts'
export { type ClientOptions, type ConnectClient, connectClient, type ServiceAddress } from './client.ts'
export type { TaskResponse, TaskWork } from './messages/task.ts'
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
} from './messages/ticket.ts'
export type { TicketAttributes, TicketUpdate, UpdateAction } from './messages/ticket-update.ts'
export type { Attachment } from './operations/get-attachment.ts'
export type { UpdateQuestion } from './operations/ticket-updates.ts'
export type { TicketComparison } from './poller/comparison.ts'
export { type JournalContent, readJournal } from './poller/journal.ts'
export type { Position, SeenTicket } from './poller/journal-record.ts'
export { type Handing, type Poller, type PollerOptions, startPoller } from './poller/poller.ts'
export type { PollerMode } from './poller/reading.ts'
export type { PollerTrouble } from './poller/trouble.ts'
