import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { expect, test } from 'vitest'
import { ROOT } from '../files.ts'
import { PAGE, schemaPage } from './page.ts'

test('docs/reference/schema.md is what the migrations make; npm run schema writes it', async () => {
  const { url, drop } = await makeFreshDatabase()
  try {
    expect(await schemaPage(url), `${PAGE} is not what the migrations make: npm run schema`).toBe(readFileSync(join(ROOT, PAGE), 'utf8'))
  } finally {
    await drop()
  }
})
