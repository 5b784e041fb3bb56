/** What a condition asks, in words. */
export type QueryOperator =
  | 'is'
  | 'is not'
  | 'below'
  | 'at most'
  | 'above'
  | 'at least'
  | 'one of'
  | 'none of'
  | 'contains'
  | 'does not contain'
  | 'starts with'
  | 'ends with'
  | 'is empty'
  | 'is not empty'
  | 'anything'
  | 'between'
  | 'same as'
  | 'not same as'
  | 'above field'
  | 'below field'
  | 'at least field'
  | 'at most field'
  | 'further than'
  | 'closer than'
  | 'on'
  | 'not on'
  | 'date part'
  | 'relative above'
  | 'relative at least'
  | 'relative below'
  | 'relative at most'
  | 'relative on'
  | 'instance of'
  | 'dynamic'
  | 'in hierarchy'
  | 'in dynamic hierarchy'
  | 'without tag'

const SPELLINGS: Record<QueryOperator, readonly string[]> = {
  is: ['='],
  'is not': ['!='],
  below: ['<'],
  'at most': ['<='],
  above: ['>'],
  'at least': ['>='],
  'one of': ['IN'],
  'none of': ['NOT IN', 'NOTIN'],
  contains: ['LIKE', 'CONTAINS', '*'],
  'does not contain': ['NOT LIKE', 'NOTLIKE', '!*', 'DOES NOT CONTAIN'],
  'starts with': ['STARTSWITH'],
  'ends with': ['ENDSWITH', '%'],
  'is empty': ['ISEMPTY', 'EMPTYSTRING'],
  'is not empty': ['ISNOTEMPTY'],
  anything: ['ANYTHING'],
  between: ['BETWEEN'],
  'same as': ['SAMEAS'],
  'not same as': ['NSAMEAS'],
  'above field': ['GT_FIELD'],
  'below field': ['LT_FIELD'],
  'at least field': ['GT_OR_EQUALS_FIELD'],
  'at most field': ['LT_OR_EQUALS_FIELD'],
  'further than': ['MORETHAN'],
  'closer than': ['LESSTHAN'],
  on: ['ON'],
  'not on': ['NOTON'],
  'date part': ['DATEPART'],
  'relative above': ['RELATIVEGT'],
  'relative at least': ['RELATIVEGE'],
  'relative below': ['RELATIVELT'],
  'relative at most': ['RELATIVELE'],
  'relative on': ['RELATIVEEE'],
  'instance of': ['INSTANCEOF'],
  dynamic: ['DYNAMIC'],
  'in hierarchy': ['IN_HIERARCHY'],
  'in dynamic hierarchy': ['IN_HIERARCHY_DYNAMIC'],
  'without tag': ['DOESNOTHAVE', 'EXCLUDING'],
}

/** Every spelling of every operator, longest first: `NOT IN` must not be read as something else that begins alike (contract servicenow-core.md 10.2). */
export const OPERATORS: readonly { token: string; means: QueryOperator }[] = Object.entries(SPELLINGS)
  .flatMap(([means, tokens]) => tokens.map(token => ({ token, means: means as QueryOperator })))
  .sort((a, b) => b.token.length - a.token.length)
