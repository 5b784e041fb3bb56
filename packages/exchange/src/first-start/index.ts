export { makeDemoCompany } from './demo-company.ts'
export { makeDemoCredentials } from './demo-credentials.ts'
export { type DemoEnded, endDemoCredentials } from './end-demo.ts'
export {
  type Addresses,
  type FirstSteps,
  firstStepsPath,
  hasDemo,
  type InstanceSteps,
  readFirstSteps,
  writeFirstSteps,
} from './first-steps.ts'
export { findDeskSignIn, setUpPracticeSignIn } from './practice-sign-in.ts'
export { readRemarks } from './remarks.ts'
