/** A moment as a table shows it, in UTC: `2026-01-31 10:00`; nothing where there is none. */
export const dayOf = (moment: string | null): string => moment?.slice(0, 16).replace('T', ' ') ?? ''
