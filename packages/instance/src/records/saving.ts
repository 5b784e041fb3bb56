import type { Lookups } from '../house-rules/save.ts'
import type { Rules } from './after-rule.ts'
import type { Numberings } from './insert.ts'
import type { Projections } from './projection.ts'
import type { Store } from './store.ts'
import type { Announcing } from './work.ts'

/** What a save of a record needs: the store, the rules around it, and where it is announced after the commit. */
export interface RecordSaving extends Store, Announcing {
  readonly projections: Projections
  readonly rules: Rules
  readonly standing: Lookups & Numberings
}
