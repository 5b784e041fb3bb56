/** Times as the instance writes them: UTC, `yyyy-MM-dd HH:mm:ss`. They compare as text. */

/** Before every time of an instance. */
export const BEGINNING = '1970-01-01 00:00:00'

/** A moment in milliseconds since 1970, as the instance would write it. */
export const timeOf = (moment: number): string => new Date(Math.max(moment, 0)).toISOString().slice(0, 19).replace('T', ' ')

/** A time of the instance in milliseconds since 1970. */
export const momentOf = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`)

/** A time of the instance, so many seconds earlier. */
export const earlier = (time: string, seconds: number): string => timeOf(momentOf(time) - seconds * 1_000)

/** A time of the instance, so many seconds later. */
export const later = (time: string, seconds: number): string => timeOf(momentOf(time) + seconds * 1_000)

export const earliest = (a: string, b: string): string => (a < b ? a : b)
export const latest = (a: string, b: string): string => (a > b ? a : b)
