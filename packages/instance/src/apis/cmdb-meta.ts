import type { ApiCall } from '../call/call.ts'
import { fieldRow } from '../dictionary/described.ts'
import type { Column, Table } from '../dictionary/dictionary.ts'
import { json } from '../wire/answer.ts'
import { classOf, ruleFor } from './cmdb.ts'

/**
 * GET /cmdb/meta/{class}, in the shape of ServiceNow's public reference ("CMDB Meta API"). Classes have no icons here, and
 * there are no rules about which may be related.
 */
export async function readMeta(call: ApiCall): Promise<Response> {
  const table = classOf(call)
  const { definitions } = call.practice.dictionary
  const rights = call.caller.rights
  const readable = [...table.columns.values()].filter(({ name }) => rights.field(table, name, 'read'))
  return json(200, {
    result: {
      icon_url: '',
      is_extendable: table.extendable,
      parent: table.parent?.name ?? '',
      children: definitions.filter(({ parent }) => parent === table.name).map(({ name }) => name),
      name: table.name,
      icon: '',
      attributes: readable.map(column => attribute(table, column)),
      relationship_rules: [],
      label: table.label,
      identification_rules: identification(call, table),
    },
  })
}

/** Flags are text in this API, those of rules are not (documented). */
function attribute(table: Table, column: Column) {
  const row = fieldRow(table, column)
  return {
    is_inherited: String(column.declaredBy !== table.name),
    is_mandatory: row.mandatory,
    is_read_only: row.read_only,
    default_value: column.default ?? null,
    label: column.label,
    type: row.internal_type,
    element: column.name,
    max_length: row.max_length,
    is_display: row.display,
  }
}

function identification(call: ApiCall, table: Table) {
  const { appliesTo, name, identifiers } = ruleFor(call, table)
  return {
    related_rules: [],
    applies_to: appliesTo,
    identifiers: identifiers.map((attributes, at) => ({
      condition: null,
      exact_count_match: false,
      referenced_field: null,
      active: true,
      attributes,
      allow_fallback: false,
      table: null,
      order: (at + 1) * 100,
      allow_null_attribute: false,
    })),
    name,
    description: '',
    active: true,
    is_independent: true,
  }
}
