import { z } from 'zod'

/** A JSON Schema (2020-12), as far as ours use it. */
export interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
  description?: string
  [keyword: string]: unknown
}

/**
 * The JSON schema of one of our schemas, without the line that names the standard.
 * @param io what is taken, or what is given: they differ where a schema has defaults
 * @example
 * jsonSchema(z.strictObject({ number: z.string() }), 'input').required // → ['number']
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _standard, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any', io })
  return rest as JsonSchema
}
