import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, repositoryFiles } from '../files.ts'
import { packedDocument } from './document.ts'
import { packedFiles } from './files.ts'
import { packedManifest } from './manifest.ts'
import { readPackages } from './packages.ts'

const packages = readPackages()

test('packages are packed after those that they depend on', () => {
  const names = packages.map(({ manifest }) => manifest.name)
  for (const { manifest } of packages)
    for (const needed of Object.keys(manifest.dependencies ?? {}).filter(name => names.includes(name)))
      expect(names.indexOf(needed), `${needed} before ${manifest.name}`).toBeLessThan(names.indexOf(manifest.name))
})

test('what only tests use stays in the checkout', () => {
  for (const { folder } of packages) {
    const tests = repositoryFiles().filter(file => file.startsWith(`packages/${basename(folder)}/src/`) && file.endsWith('.test.ts'))
    expect(tests.filter(file => packedFiles(folder).some(({ path }) => file.endsWith(`/${path}`)))).toEqual([])
  }
})

test('every migration lies beside the code that applies it', () => {
  const migrations = repositoryFiles().filter(file => file.endsWith('.sql'))
  const exchange = packedFiles(join(ROOT, 'packages/exchange'))
  expect(migrations.length).toBeGreaterThan(7)
  for (const migration of migrations) {
    const packedAs = migration.replace('packages/exchange/src/', 'dist/')
    expect(exchange).toContainEqual({ path: migration.replace('packages/exchange/', ''), packedAs })
  }
})

test('all packages have one version, and want each other in that one', () => {
  const [{ manifest: first } = packages[0]!] = packages
  for (const { manifest } of packages) {
    const ours = Object.entries(manifest.dependencies ?? {}).filter(([name]) => packages.some(one => one.manifest.name === name))
    expect([manifest.version, ...ours.map(([, version]) => version)], manifest.name).toEqual(Array(ours.length + 1).fill(first.version))
  }
})

test('the package.json of a tarball leads to what was compiled, and has nothing of the checkout', () => {
  const checkout = {
    name: 'x',
    version: '1.0.0',
    private: true,
    exports: { '.': './src/index.ts', './part': './src/room/part.ts', './testing': './src/testing.ts' },
    imports: { '#command': './src/command.ts' },
    devDependencies: { selfsigned: '1' },
    dependencies: { zod: '^4' },
  }
  expect(packedManifest(checkout)).toEqual({
    name: 'x',
    version: '1.0.0',
    engines: { node: '>=22.18' },
    exports: {
      '.': { types: './doors/index.d.ts', default: './doors/index.js' },
      './part': { types: './doors/part.d.ts', default: './doors/part.js' },
      './package.json': './package.json',
    },
    imports: { '#command': './dist/command.js' },
    dependencies: { zod: '^4' },
  })
})

test.each([
  ['within the package', '[differences](known-differences.md)', '[differences](known-differences.md)'],
  ['to the web', '[Node](https://nodejs.org)', '[Node](https://nodejs.org)'],
  ['out of the package', '[guide](../../docs/guides/actions.md#mcp)', 'guide (in the repository: docs/guides/actions.md)'],
  ['to a folder beside it', '[map](../x/README.md)', 'map (in the repository: packages/x/README.md)'],
])('a link of a document %s', (_, link, packed) => expect(packedDocument(`see ${link}.`, 'packages/instance')).toBe(`see ${packed}.`))

/** Of a package of ours, its own name and the names of those that it depends on, directly or not. */
function neededBy(name: string): Set<string> {
  const { manifest } = packages.find(one => one.manifest.name === name)!
  const ours = Object.keys(manifest.dependencies ?? {}).filter(needed => packages.some(one => one.manifest.name === needed))
  return new Set([name, ...ours.flatMap(needed => [...neededBy(needed)])])
}

/** Whether a pattern of a shell stands for the tarball that npm makes of a package. */
const isNamed = (pattern: string, name: string) => pattern === '*.tgz' || pattern === `${name.replace('@', '').replace('/', '-')}-*.tgz`

test.each(packages)('the README of $manifest.name installs it together with those of ours that it needs', ({ folder, manifest }) => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const [, command = ''] = /^npm install ((?:CHECKOUT\S+[\s\\]*)+)/m.exec(readme) ?? []
  const patterns = command
    .split(/[\s\\]+/)
    .filter(Boolean)
    .map(path => basename(path))
  const installed = packages.map(one => one.manifest.name).filter(name => patterns.some(pattern => isNamed(pattern, name)))
  expect(installed).toEqual(expect.arrayContaining([...neededBy(manifest.name)]))
})
