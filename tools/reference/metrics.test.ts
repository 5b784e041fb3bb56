import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { METRICS } from '../../packages/exchange/src/platform/metric-rows.ts'
import { repositoryFiles } from '../files.ts'

test('every figure that a page tells to watch is one that there is', () => {
  const pages = repositoryFiles().filter(path => path.endsWith('.md'))
  const named = pages.flatMap(path =>
    [...readFileSync(path, 'utf8').matchAll(/\bdeskbridge_[a-z_]+[a-z]\b/g)].map(([name]) => `${path}: ${name}`),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(
    named.filter(
      one => !(one.split(': ')[1]! in METRICS) && /_(total|seconds|bytes|up|calls|updates|writes|due|files|troubles|news)$/.test(one),
    ),
  ).toEqual([])
})
