import type { Dictionary } from '../../dictionary/dictionary.ts'
import type { Room } from '../practice-room.ts'

/** A record that references of the walk point to. */
export interface Target {
  readonly sysId: string
  /** What it shows; empty where the instance has no such table. */
  readonly shown: string
}

const SHOWN = 'sysparm_display_value=true&sysparm_exclude_reference_link=true'

/** A record that takes no effect: a rate limit or a rule that is switched on would meet the walk itself. */
export const IDLE = { active: 'false' }

/** Makes a record of each table that is referred to, once. Where nobody writes a table, one that is there is taken. */
export class Targets {
  readonly #room: Room
  readonly #dictionary: Dictionary
  readonly #made = new Map<string, Promise<Target>>()

  constructor(room: Room, dictionary: Dictionary) {
    this.#room = room
    this.#dictionary = dictionary
  }

  makeOnce(table: string): Promise<Target> {
    const known = this.#made.get(table) ?? this.#make(table)
    this.#made.set(table, known)
    return known
  }

  async #make(name: string): Promise<Target> {
    const table = this.#dictionary.table(name)
    if (!table) return { sysId: 'f'.repeat(32), shown: '' }
    const words = { [table.display]: `Walk ${name}`, last_name: `Walk ${name}` }
    const answer = await this.#room.call('POST', `/api/now/table/${name}`, { ...IDLE, ...words })
    const sysId: string | undefined = answer.status === 201 ? answer.body.result.sys_id : (await this.#room.find(name, '', 'sys_id'))[0]
    if (!sysId) throw new Error(`Nobody writes ${name}, and it has no row: add to rows-of-their-own.ts how one comes about`)
    const shown = await this.#room.call('GET', `/api/now/table/${name}/${sysId}?${SHOWN}&sysparm_fields=${table.display}`)
    return { sysId, shown: shown.body.result[table.display] }
  }
}
