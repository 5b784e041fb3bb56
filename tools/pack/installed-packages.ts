import { createRequire } from 'node:module'
import { join } from 'node:path'
import { exportedBy } from './manifest.ts'
import { readPackages } from './packages.ts'

/** The environment variable that names a folder in which our packages are installed: tests take them from there, and not from the checkout. */
export const INSTALLED = 'DESKBRIDGE_INSTALLED'

/** Of vitest.config.ts: gives tests `@deskbridge/…` as somebody has it who installed the tarballs. Doors for tests stay those of the checkout. */
export function installedPackages(
  folder = process.env[INSTALLED],
): { name: string; enforce: 'pre'; resolveId(id: string): object | undefined }[] {
  if (!folder) return []
  const { resolve } = createRequire(join(folder, 'package.json'))
  const names = new Set(readPackages().flatMap(({ manifest }) => exportedBy(manifest).map(({ name }) => join(manifest.name, name))))
  return [
    {
      name: 'installed packages',
      enforce: 'pre',
      resolveId: id => (names.has(id) ? { id: resolve(id), external: true } : undefined),
    },
  ]
}
