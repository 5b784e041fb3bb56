import { readFileSync } from 'node:fs'
import { TERM_NAMES, TERMS, type TermName } from '@deskbridge/exchange/agreement-terms'
import { Document, isMap, isScalar, type Pair, parseDocument, type Scalar } from 'yaml'
import { WrongUse } from '../process/wrong-use.ts'
import { type ProposedTerms, termsOfFile } from './term-values.ts'

/** An agreement in a file: terms, and the version that they were printed from. */
export interface AgreementFile {
  terms: ProposedTerms
  /** Undefined: it may change whatever there is. */
  version: string | undefined
}

/**
 * Reads a YAML or JSON file (JSON is YAML too); `-` is standard input.
 * @throws WrongUse with the line that is wrong
 */
export function readAgreementFile(path: string): AgreementFile {
  const [file, text] = path === '-' ? ['standard input', textOf(0, 'standard input')] : [path, textOf(path, path)]
  const document = parseDocument(text)
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) throw new WrongUse(`${file} is not YAML or JSON: ${problem.message.split('\n')[0]}`)
  if (!isMap(document.contents))
    throw new WrongUse(`${file} has no terms. "deskbridge partner agreement NAME --example" shows a file that has.`)
  const { version, ...members } = document.toJS() as Record<string, unknown>
  return { terms: termsOfFile(members, file), version: version === undefined || version === null ? undefined : String(version) }
}

function textOf(source: string | 0, name: string): string {
  try {
    return readFileSync(source, 'utf8')
  } catch (error) {
    throw new WrongUse(`${name} cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`)
  }
}

/** An agreement as a file that can be proposed again. */
export function agreementText(partner: string, environment: string, version: string, terms: ProposedTerms): string {
  const head = [
    `The agreement of ${partner} in ${environment}. What each term says: deskbridge partner agreement NAME --example`,
    'A file with this version is refused once somebody has changed the agreement; without it, it is not.',
    ...('organisation' in terms ? [] : ['No organisation is confirmed yet: name it here, or confirm one among the organisations.']),
  ]
  return fileText(head, { version, ...terms })
}

/** A file that explains every term. */
export function exampleText(): string {
  const head = [
    'What one partner may exchange in one environment. A term that is left out stays as it is; in a new agreement it has its default.',
    'Services, groups, companies and users are written by name; a sys_id says which is meant where several have the name.',
    'See what it would change: deskbridge partner agreement NAME --environment sandbox --file THIS --dry-run',
  ]
  return fileText(head, Object.fromEntries(TERM_NAMES.map(name => [name, TERMS[name].example])), explanation)
}

function explanation(name: TermName): string[] {
  const row = TERMS[name]
  const choices = 'choices' in row && (row.choices as readonly string[]).join(', ')
  const fallback: unknown = row.fallback
  const isNothing = fallback === null || (Array.isArray(fallback) && !fallback.length)
  return [
    row.says,
    ...(choices ? [`${row.kind === 'words' ? 'Any of' : 'One of'}: ${choices}.`] : []),
    fallback === undefined
      ? 'A new agreement has to say it.'
      : `Default: ${isNothing ? 'none' : Array.isArray(fallback) ? 'all' : String(fallback)}.`,
  ]
}

function fileText(head: readonly string[], members: object, explain?: (name: TermName) => readonly string[]): string {
  const document = new Document(members)
  document.commentBefore = head.map(line => ` ${line}`).join('\n')
  if (explain && isMap(document.contents))
    for (const { key } of document.contents.items as Pair<Scalar<TermName>>[])
      if (isScalar(key)) {
        key.commentBefore = explain(key.value)
          .map(line => ` ${line}`)
          .join('\n')
        key.spaceBefore = true
      }
  return document.toString({ lineWidth: 0 })
}
