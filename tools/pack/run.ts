import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ROOT } from '../files.ts'
import { packAll } from './pack.ts'

/** `npm run pack [-- FOLDER]`: packs every package into files that npm installs anywhere. */
const destination = resolve(process.argv[2] ?? join(ROOT, 'dist', 'packages'))
mkdirSync(destination, { recursive: true })
// Those of another version would be installed beside these.
for (const name of readdirSync(destination).filter(name => /^deskbridge-.*\.tgz$/.test(name))) rmSync(join(destination, name))
for (const { path } of packAll(destination)) console.log(relative(process.cwd(), path))
console.log(`\nInstall them elsewhere: npm install ${destination}/*.tgz`)
