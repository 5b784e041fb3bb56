import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMAND, openPractice, type Practice } from '../proof/practice.ts'

let practice: Practice
beforeAll(async () => {
  practice = await openPractice()
})
afterAll(() => practice.close())

test('the examples of the guide work, one after the other, against a practice instance', async () => {
  const guide = readFileSync(new URL('../../../../docs/guides/actions.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block!)
  expect(blocks).toHaveLength(5)
  const script = `set -eu\n${blocks.join('')}`.replaceAll('npx deskbridge', `"${process.execPath}" "${COMMAND}"`)
  const { code, out, err } = await practice.shell(script)
  expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining('failed') })
  expect(out).toMatch(/NUMBER +STATE\nINC\d+ +6\n$/)
})
