/** A package from the inside: its rooms, which are the folders of its `src/`, on floors. Imports run down; no file circle, types counted. */
export interface House {
  /** From the top down. */
  floors: readonly string[]
  rooms: Readonly<Record<string, Room>>
  /** The room at the bottom that every other one may import. */
  ground?: string
  /** Whether a room is entered through its index.ts alone; the ground is open. */
  hasDoors: boolean
}

export interface Room {
  floor: string
  /** One line for somebody who has never been here. */
  about: string
  /** The rooms it may import, besides the ground: those below it, and by name only such on its own floor. */
  may: readonly string[] | 'anything below'
  /** Rooms of its own floor, where it may import anything below. */
  beside?: readonly string[]
  /** Files beside the folders that belong to it; without this the room is the folder of its name. */
  files?: readonly string[]
}
