import type { Action, ActionEffect, Needs, Paging } from '../performing/action.ts'
import { type JsonSchema, jsonSchema } from './json-schema.ts'

/** What a row of the catalogue promises to whoever calls it, as data: golden files, `deskbridge action describe --json`, an assistant's tool. */
export interface PublishedFace {
  name: string
  title: string
  whenToUse: string
  effect: ActionEffect
  repeat: Action['repeat']
  needs: Pick<Needs, 'roles' | 'plugins'>
  paging: Paging
  input: JsonSchema
  output: JsonSchema
}

/**
 * What a row promises, as data that JSON can carry.
 * @example
 * const row = catalogue.find(({ name }) => name === 'incident.get')
 * publishedFace(row).effect // → 'reads'
 * publishedFace(row).input.required // → ['sysId']
 */
export function publishedFace({ name, title, whenToUse, effect, repeat, needs, paging, input, output }: Action): PublishedFace {
  return {
    name,
    title,
    whenToUse,
    effect,
    repeat,
    needs: { roles: needs.roles, plugins: needs.plugins },
    paging,
    input: jsonSchema(input, 'input'),
    output: jsonSchema(output, 'output'),
  }
}
