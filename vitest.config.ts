import { defineConfig } from 'vitest/config'
import { installedPackages } from './tools/pack/installed-packages.ts'

export default defineConfig({
  plugins: installedPackages(),
  test: {
    include: ['packages/*/src/**/*.test.ts', 'acceptance/**/*.test.ts', 'tools/**/*.test.ts'],
    globalSetup: ['tools/test-database.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A given instance is asked for one thing at a time, as a guest does.
    fileParallelism: !process.env.SERVICENOW_INSTANCE_URL,
    pool: 'forks',
  },
})
