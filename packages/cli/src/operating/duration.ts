import { WrongUse } from '../process/wrong-use.ts'

const SECONDS = { m: 60, h: 3_600, d: 86_400, w: 604_800 } as const

/** `90d`, `12h`, `2w`, `0` as seconds. @throws WrongUse naming the flag */
export function durationSeconds(flag: string, text: string): number {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  if (text === '0') return 0
  if (!count || !unit) throw new WrongUse(`--${flag} is a time such as 90d, 12h or 2w; not "${text}".`)
  return Number(count) * SECONDS[unit as keyof typeof SECONDS]
}
