import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { soak } from './soak.ts'

/** SOAK_SEED plays another one; `npm run soak` plays one for as long as is said. */
const SEED = Number(process.env.SOAK_SEED ?? 41)

test('partners, desk and pollers at work while exchanges, instance, database and pollers end and come back: nothing is lost, doubled, reordered, crossed or left without an answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-soak-'))
  const { counts, violations } = await soak({
    seed: SEED,
    ms: 1,
    steps: 24,
    pace: { between: [200, 600], isShort: true },
    clockJumps: false,
    settleSeconds: 3,
    folder,
  })
  expect(
    violations.map(({ count, says }) => `${count}: ${says}`),
    `SOAK_SEED=${SEED}, its history is in ${folder}`,
  ).toEqual([])
  expect(counts).toEqual({ lost: 0, doubled: 0, reordered: 0, crossed: 0, 'never answered': 0 })
  rmSync(folder, { recursive: true, force: true })
}, 180_000)
