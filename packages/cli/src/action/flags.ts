import { type Action, type JsonSchema, jsonSchema } from '@deskbridge/servicenow'
import { WrongUse } from '../process/wrong-use.ts'

/** The flags of an action, made from the schema of its input. */

export type FlagKind = 'text' | 'number' | 'switch' | 'list' | 'pairs' | 'json' | 'file'

export interface Flag {
  /** Without the dashes. */
  name: string
  field: string
  kind: FlagKind
  required: boolean
}

/** What `action run` takes for every action. */
export const OWN_OPTIONS = {
  input: { type: 'string' },
  file: { type: 'string' },
  output: { type: 'string' },
  connection: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export function flagsOf({ input }: Pick<Action, 'input'>): Flag[] {
  const { properties = {}, required = [] } = jsonSchema(input, 'input')
  return Object.entries(properties).map(([field, schema]) => {
    const kind = kindOf(schema)
    return { name: kind === 'file' ? 'file' : flagName(field), field, kind, required: required.includes(field) }
  })
}

/** `sysId` is --sys-id; a field that has the name of an option of ours gets a longer one. */
function flagName(field: string): string {
  const name = field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return Object.hasOwn(OWN_OPTIONS, name) ? `input-${name}` : name
}

const SIMPLE = ['string', 'number', 'integer', 'boolean']

function kindOf(schema: JsonSchema): FlagKind {
  if (schema.format === 'binary') return 'file'
  if (schema.anyOf) return schema.anyOf.every(one => ['text', 'number', 'switch'].includes(kindOf(one))) ? 'text' : 'json'
  if (schema.type === 'string' || schema.enum?.every(value => typeof value === 'string') || typeof schema.const === 'string') return 'text'
  // A union of simple types: what is typed is a text, and a text is one of them or the schema says so.
  if (Array.isArray(schema.type)) return schema.type.every(type => SIMPLE.includes(type)) ? 'text' : 'json'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'array' && schema.items && kindOf(schema.items) === 'text') return 'list'
  const values = schema.type === 'object' && !schema.properties && schema.additionalProperties
  return values instanceof Object && kindOf(values) === 'text' ? 'pairs' : 'json'
}

export function parseOptions(flags: readonly Flag[]) {
  const own = flags
    .filter(({ kind }) => kind !== 'file')
    .map(({ name, kind }) => [name, kind === 'switch' ? { type: 'boolean' } : { type: 'string', multiple: true }] as const)
  return { ...Object.fromEntries(own), ...OWN_OPTIONS } as typeof OWN_OPTIONS
}

/** The value of a field from what was given for its flag. @throws WrongUse */
export function givenValue({ name, kind }: Flag, given: unknown): unknown {
  if (kind === 'switch') return given
  const texts = given as readonly string[]
  const last = texts.at(-1) ?? ''
  if (kind !== 'list' && kind !== 'pairs' && texts.length > 1)
    throw new WrongUse(`--${name} is given ${texts.length} times; it takes one value.`)
  switch (kind) {
    case 'number':
      if (!/^-?\d+(\.\d+)?$/.test(last)) throw new WrongUse(`--${name} needs a number, not "${last}".`)
      return Number(last)
    case 'list':
      return texts.flatMap(text => text.split(',')).map(text => text.trim())
    case 'pairs':
      return Object.assign({}, ...texts.map(text => pairsOf(name, text)))
    case 'json':
      return jsonOr(last)
    default:
      return last
  }
}

function pairsOf(name: string, text: string): Record<string, unknown> {
  if (text.trimStart().startsWith('{')) {
    const given = jsonOr(text)
    if (given instanceof Object) return given as Record<string, unknown>
    throw new WrongUse(`--${name}: this begins like JSON and is none: ${text}`)
  }
  const at = text.indexOf('=')
  if (at < 1) throw new WrongUse(`--${name} is written FIELD=VALUE, once for each field, or as a JSON object; not "${text}".`)
  return { [text.slice(0, at)]: text.slice(at + 1) }
}

/** A text that is no JSON stays a text: the action's schema says whether it may be one. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
