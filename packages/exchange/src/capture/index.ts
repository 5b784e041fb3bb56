export { type Capture, startCapture } from './capture.ts'
export { readCapturesBehind, readParkedRecords } from './due.store.ts'
export type { CaptureTrouble } from './trouble.ts'
