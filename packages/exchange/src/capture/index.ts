export { type Capture, startCapture } from './capture.ts'
