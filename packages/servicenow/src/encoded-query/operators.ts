/** Operators that take one value. */
const VALUE_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'NOT LIKE', 'STARTSWITH', 'ENDSWITH', 'INSTANCEOF'] as const
/** An operator that takes one value. */
export type ValueOperator = (typeof VALUE_OPERATORS)[number]

/** Operators that stand alone. */
export const LONE_OPERATORS = ['ISEMPTY', 'ISNOTEMPTY', 'ANYTHING', 'EMPTYSTRING'] as const
/** An operator that stands alone. */
export type LoneOperator = (typeof LONE_OPERATORS)[number]

/** Operators with a list of values separated by commas. */
const LIST_OPERATORS = ['IN', 'NOT IN'] as const
/** An operator that takes several values. */
export type ListOperator = (typeof LIST_OPERATORS)[number]

/**
 * Every operator that an instance may read after a field's name, ours or not (servicenow-core 10.2: OPS, SDKQ, GR).
 * The builder writes only some of them, but a value must not turn what it writes into any other.
 */
const KNOWN_OPERATORS: readonly string[] = [
  ...VALUE_OPERATORS,
  ...LONE_OPERATORS,
  ...LIST_OPERATORS,
  'NOTIN',
  '*',
  'CONTAINS',
  '!*',
  'NOTLIKE',
  'DOES NOT CONTAIN',
  '%',
  'BETWEEN',
  'SAMEAS',
  'NSAMEAS',
  'GT_FIELD',
  'LT_FIELD',
  'GT_OR_EQUALS_FIELD',
  'LT_OR_EQUALS_FIELD',
  'MORETHAN',
  'LESSTHAN',
  'ON',
  'NOTON',
  'DATEPART',
  'RELATIVEGT',
  'RELATIVELT',
  'RELATIVEGE',
  'RELATIVELE',
  'RELATIVEEE',
  'DYNAMIC',
  'IN_HIERARCHY',
  'IN_HIERARCHY_DYNAMIC',
  'VALCHANGES',
  'CHANGESFROM',
  'CHANGESTO',
  'DOESNOTHAVE',
  'EXCLUDING',
  'EMPTY',
  'NOTEMPTY',
  // Documented only without NOT, but cheap to be safe from.
  'NOT INSTANCEOF',
  'NOT IN_HIERARCHY',
  'NOT BETWEEN',
  '<>',
]

const LONGEST_FIRST = [...KNOWN_OPERATORS].sort((a, b) => b.length - a.length)

/** The operator that a reader finds at the start of a text, taking the longest; whatever the case, to be safe from lenient readers. */
export function longestOperatorAt(text: string): string | undefined {
  const upper = text.slice(0, 24).toUpperCase()
  return LONGEST_FIRST.find(operator => upper.startsWith(operator))
}
