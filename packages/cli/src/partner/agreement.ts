import { type Exchange, inPath } from '../operating/exchange.ts'
import { type Shown, subCommand } from '../operating/sub-command.ts'
import { askPerson } from '../process/ask-person.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { agreementText, exampleText, readAgreementFile } from './agreement-file.ts'
import { type ProposedTerms, TERM_FLAGS, termsOfFlags } from './term-values.ts'

const OWN_FLAGS = {
  environment: { about: 'whose agreement is meant', choices: ['sandbox', 'production'] },
  file: { about: 'propose the terms of a YAML or JSON file; - is standard input', value: 'FILE' },
  'dry-run': { about: 'only say what would change' },
  yes: { about: 'save without asking; needed where nobody can be asked' },
  example: { about: 'print a file that explains every term' },
} as const

interface ShownAgreement {
  partner: string
  environment: string
  version: string
  agreement: ProposedTerms | null
  says: string
}

interface Outcome extends ShownAgreement {
  saved: boolean
  differences: { term: string; comes: string[]; goes: string[] }[]
}

/** What a partner may exchange in an environment: printed, or changed by a file or flags. */
export const AGREEMENT = subCommand({
  words: 'agreement',
  takes: ['NAME'],
  about:
    'what a partner may exchange in an environment: print it, or change it by --file or flags; the difference is shown before it is saved',
  more: `Without --file and flags of terms it prints the agreement as a file. What is proposed is checked against the service desk first: a name
that it does not know is refused with the nearest ones, one that several records have with all of them. Flags change the terms that they
name, and leave the others. Nothing is saved before somebody has said yes to the difference, or --yes.`,
  flags: { ...OWN_FLAGS, ...(TERM_FLAGS as Record<never, never>) },
  async run({ exchange, names: { NAME }, flags }): Promise<Shown> {
    if (flags.example) return { text: exampleText(), json: exampleText() }
    const { environment } = flags
    if (!environment) throw new WrongUse('--environment is missing: sandbox or production.')
    const file = flags.file === undefined ? undefined : readAgreementFile(flags.file)
    const terms = { ...file?.terms, ...termsOfFlags(flags) }
    const path = `/operator/partners/${inPath(NAME)}/agreement`
    if (!Object.keys(terms).length) {
      if (flags.file === undefined && !flags.yes && !flags['dry-run']) return show(exchange, path, environment)
      throw new WrongUse(`${flags.file ?? 'The command line'} has no terms: nothing is proposed.`)
    }
    const proposed = { environment, agreement: terms, version: file?.version }
    const outcome: Outcome = (await exchange.ask('PATCH', path, { ...proposed, dry_run: true })).result
    const difference = differenceText(outcome)
    if (!outcome.differences.length || flags['dry-run']) return { json: outcome, text: difference }
    if (!flags.yes) await askWhether(difference, flags.file === '-')
    const saved: Outcome = (await exchange.ask('PATCH', path, { ...proposed, version: outcome.version })).result
    return { json: saved, text: `${flags.yes ? difference : ''}Saved. ${saved.partner} in ${environment}: ${saved.says}.\n` }
  },
})

async function show(exchange: Exchange, path: string, environment: string): Promise<Shown> {
  const { result } = (await exchange.ask('GET', `${path}?environment=${environment}`)) as { result: ShownAgreement }
  const { partner, version, agreement } = result
  if (!agreement)
    throw new CannotStart(
      `${partner} has no agreement in ${environment} yet. "deskbridge partner agreement NAME --example" prints a file to begin with.`,
    )
  return { json: result, text: agreementText(partner, environment, version, agreement) }
}

/** Shows what would change, and asks. @throws WrongUse where nobody can be asked, CannotStart for a no; nothing is saved then */
async function askWhether(difference: string, inputIsFile: boolean): Promise<void> {
  process.stderr.write(difference)
  if (!process.stdin.isTTY || inputIsFile) throw new WrongUse('Nobody is here to be asked: add --yes. Nothing was saved.')
  const answer = (await askPerson('Save it? (yes/no)', false)).trim().toLowerCase()
  if (!['yes', 'y'].includes(answer)) throw new CannotStart('Nothing was saved.')
}

/** What comes (+) and what goes (-), a line each. */
function differenceText({ partner, environment, differences, version }: Outcome): string {
  if (!differences.length) return `The agreement of ${partner} in ${environment} says this already. Nothing to save.\n`
  const line = (sign: string, term: string, words: readonly string[]) => (words.length ? [`  ${sign} ${term}: ${words.join(', ')}\n`] : [])
  const lines = differences.flatMap(({ term, comes, goes }) => [...line('-', term, goes), ...line('+', term, comes)])
  return `The ${version === 'none' ? 'new ' : ''}agreement of ${partner} in ${environment}:\n${lines.join('')}`
}
