/** How much may be on its way at once. */
export interface RoomLimits {
  bytes: number
  files: number
}

/** One of them may have a quarter of it all, so that it leaves room for the others. */
const SHARE = 1 / 4

/** There is no room for more: in all, or in what one of them may have. */
export class NoRoom extends Error {
  readonly whose: 'all' | 'own'
  /** What there is by now. */
  readonly used: RoomLimits
  readonly limits: RoomLimits

  constructor(whose: 'all' | 'own', used: RoomLimits, limits: RoomLimits) {
    super(`The files on their way are ${used.bytes} bytes in ${used.files} files; the most are ${limits.bytes} bytes in ${limits.files}`)
    this.name = 'NoRoom'
    this.whose = whose
    this.used = used
    this.limits = limits
  }
}

/** Counts what is on its way, in all and of each owner, and lets nothing in that goes beyond. */
export class Room {
  readonly #limits: RoomLimits
  readonly #share: RoomLimits
  readonly #all: RoomLimits = { bytes: 0, files: 0 }
  readonly #owners = new Map<string, RoomLimits>()

  constructor(limits: RoomLimits) {
    this.#limits = limits
    this.#share = { bytes: limits.bytes * SHARE, files: limits.files * SHARE }
  }

  /** What there is now, of all owners. */
  get used(): Readonly<RoomLimits> {
    return this.#all
  }

  /** @throws NoRoom, and then nothing was taken. */
  take(owner: string, more: RoomLimits): void {
    const own = this.#owners.get(owner) ?? { bytes: 0, files: 0 }
    if (isBeyond(own, more, this.#share)) throw new NoRoom('own', { ...own }, this.#share)
    if (isBeyond(this.#all, more, this.#limits)) throw new NoRoom('all', { ...this.#all }, this.#limits)
    this.count(owner, more)
  }

  /** What is there already, whatever the limits. */
  count(owner: string, more: RoomLimits): void {
    const own = this.#owners.get(owner) ?? { bytes: 0, files: 0 }
    for (const sum of [own, this.#all]) {
      sum.bytes += more.bytes
      sum.files += more.files
    }
    if (own.files > 0 || own.bytes > 0) this.#owners.set(owner, own)
    else this.#owners.delete(owner)
  }
}

const isBeyond = (used: RoomLimits, more: RoomLimits, limits: RoomLimits) =>
  used.bytes + more.bytes > limits.bytes || used.files + more.files > limits.files
