import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../files.ts'
import { importMapPage, withPictures } from '../import-map/draw.ts'
import { actionsPage } from './actions.ts'
import { agreementPage } from './agreement.ts'
import { connectApiPage, openApiText } from './connect-api.ts'
import { withDeskWork } from './desk-work.ts'
import { errorsPage } from './errors.ts'
import { goldenFiles } from './golden.ts'
import { mappingPage } from './mapping.ts'
import { metricsPage } from './metrics.ts'
import { routeRows } from './rows.ts'
import { settingsPage } from './settings.ts'
import { withTables } from './tables.ts'
import { updateSamples, updatesPage } from './updates.ts'

/** Everything in this folder is written, all but mutations.md and schema.md here; a file in it that is not, is removed. */
export const FOLDER = 'docs/reference'

/** Pages that people write, with a part between two marks that is written here. */
const WITH_A_PART: Readonly<Record<string, (text: string) => string | undefined>> = {
  'ARCHITECTURE.md': withPictures,
  'packages/instance/known-differences.md': withTables,
  'docs/guides/at-the-desk.md': withDeskWork,
}

/** Every written file: its path in the repository and its text. The same sources give the same bytes. */
export function pages(): Map<string, string> {
  const rows = routeRows()
  const inFolder: [string, string][] = [
    ['connect-api.md', connectApiPage(rows)],
    ['openapi.json', openApiText(rows)],
    ['errors.md', errorsPage(rows)],
    ['settings.md', settingsPage()],
    ['metrics.md', metricsPage()],
    ['actions.md', actionsPage()],
    ['mapping.md', mappingPage()],
    ['agreement.md', agreementPage()],
    ['updates.md', updatesPage()],
    ...updateSamples(),
    ['import-map.md', importMapPage()],
    ...goldenFiles(rows),
  ]
  return new Map([
    ...inFolder.map(([path, text]): [string, string] => [`${FOLDER}/${path}`, text]),
    ...Object.entries(WITH_A_PART).flatMap(([path, fill]) => {
      const text = filled(path, fill)
      return text === undefined ? [] : [[path, text] as [string, string]]
    }),
  ])
}

/** A page with today's part in it; undefined where there is no such page, or no place for it. */
function filled(path: string, fill: (text: string) => string | undefined): string | undefined {
  const file = join(ROOT, path)
  return existsSync(file) ? fill(readFileSync(file, 'utf8')) : undefined
}
