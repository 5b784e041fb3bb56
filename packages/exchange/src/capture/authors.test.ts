import { expect, test } from 'vitest'
import type { RecordedWrite, Step } from '../recorded-writes/index.ts'
import { authorsOf } from './authors.ts'
import type { Save } from './saves.ts'

const WRITER = 'deskbridge.integration'

const comment = (text: string): Step => ({ kind: 'save', table: 'incident', sysId: 'record', values: { comments: text } })
const file: Step = {
  kind: 'attach',
  table: 'incident',
  name: 'a.txt',
  contentType: 'text/plain',
  size: 1,
  sha256: 'x',
  folder: 'f',
  file: '0',
}

const write = (writeId: string, plan: Step[], progress: RecordedWrite['progress']) => ({ writeId, plan, progress }) as RecordedWrite

const save = (checkpoint: number | undefined, text: string, by = WRITER): Save => ({
  recordSysId: 'record',
  at: '2026-01-31 10:00:00',
  by,
  checkpoint,
  creation: false,
  changes: new Map(),
  journals: [{ element: 'comments', text, sourceId: `journal ${text} ${checkpoint}` }],
  file: undefined,
  sourceIds: [`journal ${text} ${checkpoint}`],
})

const authors = (saves: Save[], writes: RecordedWrite[], captured = new Map<string, string | null>(), files = new Set<string>()) => {
  const found = authorsOf(saves, { writes, writers: new Set([WRITER]), captured, files })
  return saves.map(one => found.get(one)?.writeId)
}

test('an answer told the number of a save that the desk made right after: the comment is still its author’s', () => {
  const own = write('own', [comment('hello')], [{ begun: true, done: true, checkpoint: 6 }])
  expect(authors([save(5, 'hello'), save(6, 'from the desk', 'admin')], [own])).toEqual(['own', undefined])
})

test('a file of the request was told before its comment: the comment is still its author’s', () => {
  const own = write(
    'own',
    [comment('see the file'), file],
    [
      { begun: true, done: true },
      { begun: true, done: true, sysId: 'file' },
    ],
  )
  expect(authors([save(5, 'see the file')], [own], new Map([['file', 'own']]), new Set(['file']))).toEqual(['own'])
})

test('two equal comments belong to the two writes whose numbers they have', () => {
  const later = write('later', [comment('ping')], [{ begun: true, done: true, checkpoint: 7 }])
  const earlier = write('earlier', [comment('ping')], [{ begun: true, done: true, checkpoint: 5 }])
  expect(authors([save(5, 'ping'), save(7, 'ping')], [later, earlier])).toEqual(['earlier', 'later'])
})

test('a text that was told already is not the author of a second one', () => {
  const own = write('own', [comment('ping')], [{ begun: true, done: true }])
  expect(authors([save(8, 'ping')], [own], new Map([['journal ping 5', 'own']]))).toEqual([undefined])
})

test('what the desk writes is nobody’s request, whatever it says', () => {
  const own = write('own', [comment('hello')], [{ begun: true }])
  expect(authors([save(5, 'hello', 'admin')], [own])).toEqual([undefined])
})
