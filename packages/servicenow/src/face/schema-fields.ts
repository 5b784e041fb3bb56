import type { JsonSchema } from './json-schema.ts'

/** One line of a table of fields. */
export interface SchemaField {
  /** `attachments[].name` */
  name: string
  required: boolean
  type: string
  limits: string
  about: string
}

/**
 * Every field of a schema, those of lists and objects in it too.
 * @example
 * schemaFieldsOf(jsonSchema(z.strictObject({ number: z.string().max(40).describe('Its number.') }), 'input')) // → [{ name: 'number', required: true, type: 'string', limits: 'at most 40 characters', about: 'Its number.' }]
 */
export function schemaFieldsOf(schema: JsonSchema, at = ''): SchemaField[] {
  if ([schema.type].flat().includes('array') && schema.items)
    return at === '' ? schemaFieldsOf(schema.items, '[]') : schemaFieldsOf(schema.items, `${at}[]`)
  if (schema.anyOf && !schema.anyOf.every(isSimple))
    return union(schema.anyOf)
      .flatMap(one => schemaFieldsOf(one, at))
      .filter(firstOfName)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = at ? `${at}.${name}` : name
    const field = {
      name: path,
      required: schema.required?.includes(name) ?? false,
      type: typeOf(member),
      limits: limitsOf(member),
      about: member.description ?? '',
    }
    return [field, ...schemaFieldsOf(member, path)]
  })
}

/** The fullest object first: of two that are alike, its line says more. */
const union = (schemas: readonly JsonSchema[]) =>
  [...schemas].sort((a, b) => Object.keys(b.properties ?? {}).length - Object.keys(a.properties ?? {}).length)

const firstOfName = (field: SchemaField, at: number, all: readonly SchemaField[]) =>
  all.findIndex(other => other.name === field.name) === at

const isSimple = (schema: JsonSchema) => !schema.properties && !schema.items

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.const !== undefined) return typeof schema.const
  if (schema.enum) return [...new Set(schema.enum.map(value => (value === null ? 'null' : typeof value)))].join(' or ')
  if (Array.isArray(schema.type)) return schema.type.map(type => typeOf({ ...schema, type })).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && !schema.properties)
    return `object of ${typeOf(schema.additionalProperties)}`
  return schema.type ?? 'anything'
}

/** Integers of zod's without a limit of their own. */
const NO_LIMIT = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])

const LIMITS: readonly (readonly [keyword: string, text: (value: string) => string])[] = [
  ['minLength', value => (value === '1' ? 'not empty' : `at least ${value} characters`)],
  ['maxLength', value => `at most ${value} characters`],
  ['minimum', value => `from ${value}`],
  ['maximum', value => `to ${value}`],
  ['minItems', value => `at least ${value}`],
  ['maxItems', value => `at most ${value}`],
  ['format', value => value],
  ['contentEncoding', value => value],
  ['default', value => `default ${value}`],
]

function limitsOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(limitsOf).filter(Boolean))].join('; or ')
  const values = schema.const !== undefined ? [schema.const] : schema.enum
  const limits = LIMITS.flatMap(([keyword, text]) =>
    schema[keyword] === undefined || NO_LIMIT.has(schema[keyword] as number) ? [] : [text(String(schema[keyword]))],
  )
  // A format says in a word what its pattern says in a hundred characters.
  if (typeof schema.pattern === 'string' && !schema.format) limits.push(code(schema.pattern))
  return [...(values ? [values.map(value => code(value === '' ? '""' : String(value))).join(', ')] : []), ...limits].join(', ')
}

const code = (text: string) => `\`${text}\``
