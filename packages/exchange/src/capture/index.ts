export { capturesBehind, parkedRecords } from './capture.store.ts'
export { type Capture, type CaptureTrouble, startCapture } from './capture.ts'
