export { DEMO } from './demo-company/demo.ts'
export { createInstance, type Instance, type InstanceOptions } from './instance.ts'
export { type Seed, SeedProblem } from './seeds/seed.ts'
export { serveInstance, startInstance } from './serve.ts'
