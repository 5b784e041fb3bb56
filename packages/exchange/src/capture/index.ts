export { capturesBehind } from './capture.store.ts'
export { type Capture, type CaptureTrouble, startCapture } from './capture.ts'
