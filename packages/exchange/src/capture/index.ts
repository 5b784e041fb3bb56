export { readCapturesBehind, readParkedRecords } from './capture.store.ts'
export { type Capture, startCapture } from './capture.ts'
export type { CaptureTrouble } from './trouble.ts'
