import type { Mutation } from '../mutation.ts'

export const PACKED: readonly Mutation[] = [
  {
    sentence: 'A tarball holds what runs, compiled, with its sources',
    breaks: 'a migration stays among the sources',
    file: 'tools/pack/files.ts',
    text: "path.replace(/^src\\//, 'dist/')",
    replacement: 'path',
    proof: { file: 'tools/pack/pack.test.ts', title: 'every migration lies beside the code that applies it' },
  },
  {
    sentence: 'What only tests use stays in the checkout',
    breaks: 'the list of what stays is that of examples alone',
    file: 'tools/pack/files.ts',
    text: 'const STAYS = [...TEST_FILES, ',
    replacement: 'void TEST_FILES\nconst STAYS = [',
    proof: { file: 'tools/pack/pack.test.ts', title: 'what only tests use stays in the checkout' },
  },
  {
    sentence: 'Installed into an empty folder it needs nothing of the checkout',
    breaks: 'the address of a worker still ends in .ts',
    file: 'tools/pack/compile.ts',
    text: "text.replace(SOURCE_PATH, '.js')",
    replacement: "entry.endsWith('.js') ? text : text.replace(SOURCE_PATH, '.js')",
    proof: { file: 'tools/pack/installed.test.ts', title: 'the example of a README > of … runs' },
  },
  {
    sentence: 'A Node that is too old is told so',
    breaks: 'a door asks for an older Node than there is need of',
    file: 'tools/pack/door.ts',
    text: 'if (major < oldest || ',
    replacement: 'if (major < 18 || ',
    proof: {
      file: 'tools/pack/installed.test.ts',
      title: 'on another Node > one that is too old, each says so in a sentence, whatever else would fail there',
    },
  },
]
