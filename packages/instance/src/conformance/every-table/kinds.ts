import { readFileSync } from 'node:fs'
import type { Column } from '../../dictionary/dictionary.ts'

/** The three forms of `sysparm_display_value`. */
export const FORMS = ['false', 'true', 'all'] as const
export type Form = (typeof FORMS)[number]

/** What of an answer a value is: in each form as it stands there, or what it was before, or that the field is not shown at all. */
type Out = Readonly<Record<Form, unknown>> | 'unchanged' | 'absent'

export interface Write {
  readonly in: string
  /** Which columns of the kind are written so; without it, all. */
  readonly for?: keyof typeof FITS
  /** With `sysparm_input_display_value=true`. */
  readonly displayed?: boolean
  readonly out: Out
}

/** every-table/kinds/KIND.json: what goes into a column of a kind, what comes out, and which queries find what the first write left. */
export interface Kind {
  readonly kind: string
  readonly source: string
  /** The first is a new record's, the others change it, one after the other. */
  readonly writes: readonly Write[]
  /** Each a new record's. */
  readonly inserts?: readonly Write[]
  readonly finds: readonly string[]
  readonly misses: readonly string[]
  /** Values that find it as `field=value` in the address, without a query: a choice by its label too, a reference by what it shows. */
  readonly pairs: readonly string[]
}

const FITS = {
  'a field with a length': ({ maxLength }: Column) => maxLength !== undefined,
  'a field with a default': (column: Column) => column.default !== undefined,
  'a field without a default': (column: Column) => column.default === undefined,
  'labels that differ from their values': ({ choices = [] }: Column) => choices.every(([value, label]) => value !== label),
  'a target that shows something': (_: Column, values: Values) => !['', values.sys_id].includes(values.shown),
}

/** What the words in braces of a golden file stand for. */
export type Values = Readonly<Record<string, string>>

export const fits = (write: Write, column: Column, values: Values) => write.for === undefined || FITS[write.for](column, values)

/** A golden text, list or object with a column's own values in it. */
export function filled<T>(golden: T, values: Values): T {
  const fill = (text: string) => text.replace(/\{([\w ]+)\}/g, (whole, name: string) => values[name] ?? whole)
  return JSON.parse(JSON.stringify(golden), (_, value) => (typeof value === 'string' ? fill(value) : value)) as T
}

/** Questions with a column's own values in them; one that would ask for nothing, because its target shows nothing, is left out. */
export const filledQuestions = (questions: readonly string[], values: Values): string[] =>
  filled(
    questions.filter(question => [...question.matchAll(/\{([\w ]+)\}/g)].every(([, name]) => values[name!] !== '')),
    values,
  )

export function kindNameOf({ choices, open, type }: Column): string {
  if (!choices) return type
  return open ? 'open-choice' : type === 'integer' ? 'level' : 'choice'
}

const read = new Map<string, Kind>()

export function readKind(name: string): Kind {
  const known = read.get(name)
  if (known) return known
  const kind = JSON.parse(readFileSync(new URL(`./kinds/${name}.json`, import.meta.url), 'utf8')) as Kind
  read.set(name, kind)
  return kind
}
