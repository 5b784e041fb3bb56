import { type Action, EMPTY_CLEARS, type JsonSchema, jsonSchema } from '@deskbridge/servicenow'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { RECORDS } from './left-out.ts'

/** A row of the catalogue as a tool of an assistant (Model Context Protocol, tools). */
export function toolOf(row: Action): Tool {
  const reads = row.effect === 'reads'
  const outputSchema = outputOf(row)
  return {
    name: toolName(row),
    title: row.title,
    description: descriptionOf(row),
    inputSchema: forAssistants(jsonSchema(row.input, 'input')) as Tool['inputSchema'],
    ...(outputSchema && { outputSchema }),
    annotations: {
      title: row.title,
      readOnlyHint: reads,
      destructiveHint: row.effect === 'deletes',
      idempotentHint: row.repeat === 'safe',
      openWorldHint: true,
    },
  }
}

/** The protocol allows the dot, several assistants do not. A name has one dot, so nothing falls together. */
export const toolName = ({ name }: Pick<Action, 'name'>) => name.replace('.', '_')

function descriptionOf({ title, whenToUse, effect, needs: { roles, plugins }, repeat }: Action): string {
  const access = roles.length ? ` Needs ${[roles.join(' or '), ...plugins].join(', ')}.` : ''
  const probe = repeat === 'safe' ? '' : ` ${EFFECTS[effect]} If the outcome is unknown, do not repeat it but find out: ${repeat.probe}`
  return `${title}. ${whenToUse}${access}${probe}`
}

const EFFECTS = { reads: '', changes: 'Changes something.', deletes: 'Deletes something for good.' } as const

/** Where it says more than "fields with texts", and is JSON. What is too large is cut, and then says so. */
function outputOf({ output, shape }: Action): Tool['outputSchema'] | undefined {
  const schema = jsonSchema(output, 'output')
  const members = Object.values(schema.properties ?? {})
  if (shape !== 'own' || schema.type !== 'object' || members.some(({ format }) => format === 'binary')) return undefined
  return { ...schema, properties: { ...schema.properties, next: NEXT } } as Tool['outputSchema']
}

const NEXT: JsonSchema = { type: 'string', description: 'Only where this is not all: how to get the rest.' }

/** Bytes travel as base64, and an empty field is left out. */
function forAssistants(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, member]) => [name, forAssistant(name, member)])
  return { ...schema, properties: Object.fromEntries(properties) }
}

function forAssistant(name: string, member: JsonSchema): JsonSchema {
  if (member.format === 'binary') return { type: 'string', contentEncoding: 'base64', description: 'The bytes as base64, 2 MB at most.' }
  if (!RECORDS.includes(name)) return member
  return { ...member, description: member.description?.replace(EMPTY_CLEARS, 'An empty one is left out; clear empties fields.') ?? '' }
}
