import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { timesEach } from '../faults/sentences.ts'

/**
 * `npm run soak -- --minutes 30 --seed 7 --folder FOLDER`: everybody at work for so long while everything is struck, and then what was lost,
 * doubled, reordered, crossed or never answered. Exit code 1 when anything was. The same seed plans the same work and strikes; what meets
 * what is a matter of the machine.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    folder: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('Say --minutes with a number above 0, and --seed with a whole number.')
  process.exit(2)
}
const folder = values.folder ? resolve(values.folder) : mkdtempSync(join(tmpdir(), `deskbridge-soak-${seed}-`))

// Where its tables are is read when the first database is asked for.
const { default: startPostgreSQL } = await import('../../tools/test-database.ts')
const stopPostgreSQL = await startPostgreSQL()
try {
  const { soak } = await import('./soak.ts')
  console.log(`soak of ${minutes} min, seed ${seed}, on Node ${process.version}; its history is kept in ${folder}`)
  const { counts, violations, known } = await soak({
    seed,
    ms: minutes * 60_000,
    steps: 240,
    pace: { between: [2_000, 9_000], isShort: false },
    clockJumps: true,
    // Two cores carry two exchanges, an instance, four pollers and everybody who works.
    settleSeconds: 10,
    folder,
  })
  for (const sentence of known) console.log(`where the guarantees end: ${sentence}`)
  for (const sentence of timesEach(violations.map(({ count, says }) => `${count}: ${says}`))) console.log(sentence)
  console.log(
    Object.entries(counts)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
  )
  if (violations.length) {
    console.log(`Seed ${seed}. The history and each ticket’s own story are in ${folder}`)
    process.exitCode = 1
  }
} finally {
  await stopPostgreSQL()
}
