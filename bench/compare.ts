import { readFileSync } from 'node:fs'
import type { LoadResult } from './load.ts'

export interface Comparison {
  title: string
  rounds: number
  /** The processes that answer. */
  pids: { ours: number; bare: number }
  ours: () => Promise<LoadResult>
  bare: () => Promise<LoadResult>
  /** Runs after each round of ours, before the peer's: what the exchange still has to do must not slow its peer. */
  settle?: () => Promise<unknown>
  /** `share`: ours must have at least so much of the peer's requests a second. `times`: take at most so many times as long. */
  aim: { share: number } | { times: number } | 'none'
}

type Round = LoadResult & { cpuMs: number }

/** Runs both in turn, prints the medians and the median of the rounds' ratios. The first round warms up and does not count. */
export async function compare({ title, rounds, pids, ours, bare, settle, aim }: Comparison): Promise<void> {
  const pairs: { ours: Round; bare: Round }[] = []
  for (let round = 0; round <= rounds; round++) {
    const mine = await withCpu(pids.ours, ours, settle)
    const theirs = await withCpu(pids.bare, bare)
    if (round > 0) pairs.push({ ours: mine, bare: theirs })
  }
  const share = median(pairs.map(pair => pair.ours.perSecond / pair.bare.perSecond))
  console.log(`\n${title} (median of ${rounds} rounds)`)
  for (const side of ['ours', 'bare'] as const) console.log(`  ${side}  ${figures(pairs.map(pair => pair[side]))}`)
  const short = pairs.reduce((sum, pair) => sum + pair.ours.short, 0)
  if (short) console.log(`  ours had ${short} answers that were shorter than they should be`)
  if (aim === 'none') console.log(`  time beside bare ${(1 / share).toFixed(2)}`)
  else if ('times' in aim) report('time beside bare', 1 / share, `<= ${aim.times}`, 1 / share <= aim.times)
  else report('speed beside bare', share, `>= ${aim.share}`, share >= aim.share)
}

export function report(what: string, figure: number, aim: string, met: boolean): void {
  console.log(`  ${what} ${figure.toFixed(2)}, aim ${aim}: ${met ? 'met' : 'NOT MET'}`)
}

/** Also measures the processor time of the server for each request, with what it still had to do afterwards. */
async function withCpu(pid: number, work: () => Promise<LoadResult>, settle?: () => Promise<unknown>): Promise<Round> {
  const before = cpuMs(pid)
  const result = await work()
  await settle?.()
  return { ...result, cpuMs: (cpuMs(pid) - before) / result.requests }
}

/** User and system time (proc(5), fields 14 and 15, in hundredths of a second); NaN where there is no /proc. */
function cpuMs(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ').slice(11, 13)
    return (Number(user) + Number(system)) * 10
  } catch {
    return Number.NaN
  }
}

function figures(results: Round[]): string {
  const middle = (figure: keyof Round) => median(results.map(result => result[figure]))
  const ms = (figure: keyof Round) => `${middle(figure).toFixed(1).padStart(7)} ms`
  return `${middle('perSecond').toFixed(1).padStart(8)}/s  median ${ms('median')}  p99 ${ms('p99')}  processor ${middle('cpuMs').toFixed(2)} ms a request`
}

function median(figures: number[]): number {
  return figures.sort((a, b) => a - b)[figures.length >> 1]!
}
