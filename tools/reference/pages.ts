import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../files.ts'
import { importMapPage, withPictures } from '../import-map/draw.ts'
import { actionsPage } from './actions.ts'
import { connectApiPage, openApiText } from './connect-api.ts'
import { errorsPage } from './errors.ts'
import { goldenFiles } from './golden.ts'
import { mappingPage } from './mapping.ts'
import { routeRows } from './rows.ts'
import { settingsPage } from './settings.ts'

/** Everything in this folder is written, all but mutations.md here; a file in it that is not, is removed. */
export const FOLDER = 'docs/reference'
const ARCHITECTURE = 'ARCHITECTURE.md'

/** Every written file: its path in the repository and its text. The same sources give the same bytes. */
export function pages(): Map<string, string> {
  const rows = routeRows()
  const inFolder: [string, string][] = [
    ['connect-api.md', connectApiPage(rows)],
    ['openapi.json', openApiText(rows)],
    ['errors.md', errorsPage(rows)],
    ['settings.md', settingsPage()],
    ['actions.md', actionsPage()],
    ['mapping.md', mappingPage()],
    ['import-map.md', importMapPage()],
    ...goldenFiles(rows),
  ]
  const architecture = architectureText()
  return new Map([
    ...inFolder.map(([path, text]): [string, string] => [`${FOLDER}/${path}`, text]),
    ...(architecture === undefined ? [] : [[ARCHITECTURE, architecture] as [string, string]]),
  ])
}

/** ARCHITECTURE.md with today's pictures; undefined where there is no such file, or no place for them in it. */
function architectureText(): string | undefined {
  const path = join(ROOT, ARCHITECTURE)
  return existsSync(path) ? withPictures(readFileSync(path, 'utf8')) : undefined
}
