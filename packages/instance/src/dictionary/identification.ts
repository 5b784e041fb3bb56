/**
 * By what an item is known to be one that is there already, the surest first. ServiceNow's own rules are rows, and many more;
 * that of hardware is the one in its documentation of the CMDB Meta API, as far as its tables are here.
 */
export interface IdentificationRule {
  readonly appliesTo: string
  readonly name: string
  readonly identifiers: readonly string[]
}

/** The nearest class decides. */
export const IDENTIFICATION_RULES: readonly IdentificationRule[] = [
  { appliesTo: 'cmdb_ci_hardware', name: 'Hardware Rule', identifiers: ['serial_number', 'name'] },
  { appliesTo: 'cmdb_ci', name: 'Configuration Item Rule', identifiers: ['name'] },
]
