import { describe, expect, test } from 'vitest'
import { type AttachStep, addedBy } from './plan.ts'

const attach = (file: string, name: string, size = 5): AttachStep => ({
  kind: 'attach',
  table: 'incident',
  name,
  contentType: 'text/plain',
  size,
  sha256: file,
  folder: `folder of ${file}`,
  file,
})

describe('of two files that are added to one record', () => {
  test('those of one name and size are under way one after the other, wherever they wait and whatever they hold', () => {
    expect(addedBy(attach('one', 'meter.txt'))).toBe(addedBy(attach('other', 'meter.txt')))
  })

  test('so are those whose names are the same in other bytes', () => {
    expect(addedBy(attach('one', 'caf\u00e9.txt'))).toBe(addedBy(attach('other', 'cafe\u0301.txt')))
  })

  test('others are under way side by side', () => {
    const all = [attach('one', 'meter.txt'), attach('one', 'meter.txt', 6), attach('one', 'meters.txt')].map(addedBy)
    expect(new Set(all).size).toBe(3)
  })
})
