import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ROOT } from '../files.ts'
import { compile } from './compile.ts'
import { packedDocument } from './document.ts'
import { doorsOf } from './door.ts'
import { packedFiles } from './files.ts'
import { packedManifest } from './manifest.ts'
import { type PackageOfOurs, readPackages } from './packages.ts'

/** A package in a file that npm installs. */
export interface Tarball {
  readonly name: string
  readonly path: string
}

/**
 * Packs every package of ours, compiled.
 * @param destination a folder that is there, for the tarballs
 * @throws Error with what the compiler or npm says
 */
export function packAll(destination: string): Tarball[] {
  const packages = readPackages()
  // In the checkout, so that packages of others are found; git and the checks leave `dist` alone.
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const above = mkdtempSync(join(ROOT, 'dist', 'packing-'))
  try {
    const laidOut = packages.map(one => layOut(one, above))
    const names = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', destination, ...laidOut], {
      cwd: above,
      encoding: 'utf8',
    })
    const files = names.trim().split('\n')
    return packages.map(({ manifest: { name } }, at) => ({ name, path: join(destination, files[at]!) }))
  } finally {
    rmSync(above, { recursive: true, force: true })
  }
}

/** The folder that npm packs as it is: sources and what they compile to, doors, documents, licence, and a package.json of its own. */
function layOut({ folder, manifest }: PackageOfOurs, above: string): string {
  const to = join(above, basename(folder))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), text)
  }
  for (const { path, packedAs } of packedFiles(folder)) {
    if (path.endsWith('.md')) write(packedAs, packedDocument(readFileSync(join(folder, path), 'utf8'), `packages/${basename(folder)}`))
    else cpSync(join(folder, path), join(to, packedAs))
  }
  cpSync(join(ROOT, 'LICENSE'), join(to, 'LICENSE'))
  for (const [path, text] of doorsOf(manifest)) write(path, text)
  write('package.json', `${JSON.stringify(packedManifest(manifest), null, 2)}\n`)
  makeKnown(to, manifest.name, above)
  compile(to, folder)
  return to
}

/** To those that depend on it, by its name, as if it were installed. */
function makeKnown(to: string, name: string, above: string): void {
  const link = join(above, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(to, link)
}
