import { afterAll, describe, test } from 'vitest'
import { openScene } from '../packages/cli/src/smoke/scene.ts'
import { FROM_FIRST_CALL_TO_CLOSING } from '../packages/cli/src/smoke/story.ts'
import { startSystem } from './system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())

describe.each(['on a new system', 'a second time on the same system'])('from first call to closing, %s', () => {
  const scene = openScene(system.firstSteps)
  for (const { says, happens } of FROM_FIRST_CALL_TO_CLOSING) test(says, () => happens(scene))
})
