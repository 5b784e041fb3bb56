export { type TicketAttributes, type UpdateMessage, updateMessage } from './update-message.ts'
export { updateQueueRoutes } from './update-queue.routes.ts'
export { appendUpdates, readUnread } from './update-queue.store.ts'
export { openUpdateQueue, type UpdateQueue } from './update-queue.ts'
