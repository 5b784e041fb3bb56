import { afterAll, describe, test } from 'vitest'
import { FROM_FIRST_CALL_TO_CLOSING } from './stories/from-first-call-to-closing.ts'
import { startSystem } from './system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())

describe.each(['on a new system', 'a second time on the same system'])('from first call to closing, %s', () => {
  const scene = FROM_FIRST_CALL_TO_CLOSING.open(system)
  for (const { says, happens } of FROM_FIRST_CALL_TO_CLOSING.steps) test(says, () => happens(scene))
})
