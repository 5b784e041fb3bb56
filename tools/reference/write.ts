import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'
import { PAGE as MUTATIONS_PAGE } from '../mutations/page.ts'
import { PAGE as SCHEMA_PAGE } from '../schema/page.ts'
import { FOLDER, pages } from './pages.ts'

/**
 * `npm run reference` writes what has changed and removes what is no more; with `--check` it only says so, and fails.
 */
/** Of the folder, and written by other commands. */
const ELSEWHERE = [MUTATIONS_PAGE, SCHEMA_PAGE]
const checkOnly = process.argv.includes('--check')
const wanted = pages()
const changed = [...wanted].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text)
const surplus = repositoryFiles().filter(path => path.startsWith(`${FOLDER}/`) && !ELSEWHERE.includes(path) && !wanted.has(path))

if (checkOnly) {
  for (const [path] of changed) console.log(`${path} is not what the sources say`)
  for (const path of surplus) console.log(`${path} is of something that is no more`)
  if (changed.length + surplus.length) {
    console.log('Run: npm run reference')
    process.exitCode = 1
  }
} else {
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text)
    console.log(`written  ${path}`)
  }
  for (const path of surplus) {
    rmSync(join(ROOT, path))
    console.log(`removed  ${path}`)
  }
  console.log(`${FOLDER}: ${wanted.size} files, ${changed.length} written, ${surplus.length} removed`)
}
