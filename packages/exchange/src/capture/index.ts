export { type Capture, startCapture } from './capture.ts'
export { readCapturesBehind, readParkedRecords } from './due.store.ts'
export { readCaptureLags } from './lease.store.ts'
export type { CaptureTrouble } from './trouble.ts'
