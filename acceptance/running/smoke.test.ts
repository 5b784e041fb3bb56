import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FROM_FIRST_CALL_TO_CLOSING } from '../../packages/cli/src/smoke/story.ts'
import { runCommand } from '../system/command.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())

describe('deskbridge smoke', () => {
  test.each(['once', 'a second time'])('tells the story to the system that runs, %s', async () => {
    const { code, output } = await runCommand(['smoke'], { DESKBRIDGE_DATA: system.dataFolder }).ended
    expect(output).not.toContain('✗')
    for (const { says } of FROM_FIRST_CALL_TO_CLOSING) expect(output).toContain(`✓ ${says}`)
    expect(code).toBe(0)
  })

  test('says which sentence was not true, and ends with 1', async () => {
    const wrong = structuredClone(system.firstSteps)
    wrong.provider.clientSecret = 'not the secret'
    const path = join(system.dataFolder, 'wrong-steps.json')
    writeFileSync(path, JSON.stringify(wrong))
    const { code, output } = await runCommand(['smoke', '--first-steps', path], {}).ended
    expect(code).toBe(1)
    expect(output).toMatch(/✗ The desk gives a task to the provider/)
    expect(output).toContain('This was not true: The desk gives a task to the provider')
    expect(output).not.toContain('Everything was true')
  })

  test.each([
    ['nothing runs there', ['--first-steps', '/nowhere/first-steps.json'], '/nowhere/first-steps.json'],
    ['an option is unknown', ['--fast'], 'Usage:'],
  ])('when %s it says so, and ends with 1', async (_, args, text) => {
    const { code, output } = await runCommand(['smoke', ...args], {}).ended
    expect(code).toBe(1)
    expect(output).toContain(text)
    expect(output).not.toContain('    at ')
  })

  test('when the system has ended meanwhile it says that it cannot be reached', async () => {
    await system.stop()
    const { code, output } = await runCommand(['smoke'], { DESKBRIDGE_DATA: system.dataFolder }).ended
    expect(code).toBe(1)
    expect(output).toContain('This was not true: A customer’s system signs in')
    expect(output).toContain('ECONNREFUSED')
  })
})
