import type { Mutation } from '../mutation.ts'

const SEEDS = 'packages/instance/src/conformance/seed-values.test.ts'
const DESK = 'acceptance/running/at-the-desk.test.ts'
const REFUSED = 'a seed is refused whole, and says which record it is, >'

export const PRACTICE: readonly Mutation[] = [
  {
    sentence: 'What a seed says is in its record',
    breaks: 'a text that the record does not have is no difference',
    file: 'packages/instance/src/seeds/as-said.ts',
    text: 'return SAME[type]?.(said, stored) ?? false',
    replacement: 'return SAME[type]?.(said, stored) ?? true',
    proof: { file: SEEDS, title: `${REFUSED} for …` },
  },
  {
    sentence: 'What a seed says is in its record',
    breaks: 'what is there already is not compared',
    file: 'packages/instance/src/seeds/load.ts',
    text: 'if (there !== undefined && isTaken) return []',
    replacement: 'if (there !== undefined) return []',
    proof: { file: SEEDS, title: `${REFUSED} for …` },
  },
  {
    sentence: 'Of a seed that is refused nothing',
    breaks: 'its tables are made before its records are looked at',
    file: 'packages/instance/src/instance.ts',
    text: `      await loadIn(transaction)
    })`,
    replacement: '    })',
    proof: { file: SEEDS, title: `${REFUSED} for a table whose records are wrong: it is not made, and the corrected seed makes it` },
  },
  {
    sentence: 'A seed makes nothing twice:',
    breaks: 'a role is granted to a user once more',
    file: 'packages/instance/src/seeds/known-once.ts',
    text: "sys_user_has_role: [['user', 'role']],",
    replacement: 'sys_user_has_role: [],',
    proof: {
      file: SEEDS,
      title: 'the seed of the README > brings a user who has a role by what people know both by, once however often it is loaded',
    },
  },
  {
    sentence: 'Each command of the page',
    breaks: 'one of them moves a change to the wrong state',
    file: 'packages/instance/src/desk-work/change.ts',
    text: "{ does: 'Begin', command: update('--values state=-1')",
    replacement: "{ does: 'Begin', command: update('--values state=-2')",
    proof: { file: DESK, title: '…: each command of the page does what the page says, from the first to the last' },
  },
  {
    sentence: 'Each command of the page',
    breaks: 'the page leaves a kind of ticket out',
    file: 'packages/instance/src/apis/practice-desk.ts',
    text: '${DESK_WORK.map(section)',
    replacement: '${DESK_WORK.slice(1).map(section)',
    proof: { file: DESK, title: 'the page has each of them, readable in any browser without anything from elsewhere' },
  },
  {
    sentence: 'What is told to it is taken or',
    breaks: 'a fault is told what its kind does not take',
    file: 'packages/instance/src/faults/request.ts',
    text: 'if (name !== option && given(name)) refuse(',
    replacement: 'if (name !== option && option === name) refuse(',
    proof: {
      file: 'packages/instance/src/conformance/faults.test.ts',
      title: 'what a kind cannot be told is refused, by a switch and by a header, and so is what would strike nobody',
    },
  },
  {
    sentence: 'What is told to it is taken or',
    breaks: 'a rule has a part that means nothing',
    file: 'packages/instance/src/processes/wrong-rule.ts',
    text: 'if (odd !== undefined) return',
    replacement: "if (odd === '') return",
    proof: { file: 'packages/instance/src/conformance/business-rules.test.ts', title: 'a rule … is refused with a sentence' },
  },
  {
    sentence: 'What is told to it is taken or',
    breaks: 'an option has any name',
    file: 'packages/instance/src/options.ts',
    text: 'if (wanted === undefined) throw',
    replacement: "if (wanted === undefined) continue\n    if (wanted === '') throw",
    proof: { file: 'packages/instance/src/conformance/options.test.ts', title: 'an option that would be dropped is refused: …' },
  },
  {
    sentence: 'What is told to it is taken or',
    breaks: 'who names a fault to be switched off switches all of them off',
    file: 'packages/instance/src/apis/practice-input.ts',
    text: "if (new URL(request.url).search !== '' || ",
    replacement: "if (new URL(request.url).search === '?' || ",
    proof: {
      file: 'packages/instance/src/conformance/practice.test.ts',
      title: 'what takes no input and is told something does nothing: a reset, all faults off, the clock back',
    },
  },
]
