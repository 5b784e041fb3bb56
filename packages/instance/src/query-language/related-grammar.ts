/** Which rows of another table are meant, and how many of them there must be. */
export interface RelatedHead {
  /** The table that a join starts from; a related list starts from the one that is asked. */
  readonly from?: string
  /** The field of the asked table that the other table's field is compared with. */
  readonly own: string
  readonly table: string
  readonly field: string
  readonly sign: Sign
  readonly count: number
}

/** How the number of related rows is compared. */
export type Sign = '=' | '!=' | '<' | '<=' | '>' | '>='

interface Read {
  readonly head: RelatedHead
  /** A condition that stands in the same piece. */
  readonly condition: readonly string[]
}

const RELATED_LIST = /^(?:OR|NQ)?RLQUERY ?([a-z0-9_]+)\.([a-z0-9_]+) ?, ?(>=|<=|!=|=|>|<)(\d{1,9})(?:,m2m)?(?:,(.*))?$/s

/** `RLQUERYtable.field,>=1[,m2m][,condition]` (contract servicenow-core.md 10.2): rows whose reference is this row. */
export function readRelatedList(piece: string): Read | undefined {
  const found = RELATED_LIST.exec(piece)
  if (!found) return undefined
  const [, table = '', field = '', sign, count, condition] = found
  return {
    head: { own: 'sys_id', table, field, sign: sign as Sign, count: Number(count) },
    condition: condition === undefined ? [] : [condition],
  }
}

const JOIN = /^JOIN([a-z0-9_]+)\.([a-z0-9_.]+)=([a-z0-9_]+)\.([a-z0-9_]+)!(.*)$/s

/** `JOINtable.field=other.field!condition`: ServiceNow's own scripts write it, its documentation does not mention it. */
export function readJoin(piece: string): Read | undefined {
  const found = JOIN.exec(piece)
  if (!found) return undefined
  const [, from = '', own = '', table = '', field = '', condition = ''] = found
  return { head: { from, own, table, field, sign: '>=', count: 1 }, condition: [condition] }
}
