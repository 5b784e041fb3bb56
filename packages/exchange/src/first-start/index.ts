export { makeDemoCompany, makeDemoCredentials } from './demo-company.ts'
export { type FirstSteps, firstStepsPath, type InstanceSteps, readFirstSteps, writeFirstSteps } from './first-steps.ts'
export { setUpPracticeSignIn } from './practice-sign-in.ts'
