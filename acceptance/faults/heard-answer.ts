import { timesEach } from './sentences.ts'

/** What came back of one call, or that nothing did. */
export interface HeardAnswer {
  /** Which one of the exchanges was called. */
  readonly exchange: number
  readonly what: 'ticket' | 'comment' | 'poll'
  readonly beganAt: number
  readonly tookMs: number
  /** 0: no answer. */
  readonly status: number
  /** The error's code, or why there is no answer. */
  readonly code: string
  readonly retryAfter: string | null
}

export interface Rules {
  /** No answer may take longer. */
  withinMs: number
  /** Whether the database may have lost tokens, so that partners must sign in again. */
  tokensLost?: boolean
}

/** What partners must never hear, each kind with how often it was: all but 200, and 503 or 429 with Retry-After, in time. */
export function forbiddenAnswers(answers: readonly HeardAnswer[], { withinMs, tokensLost = false }: Rules): string[] {
  const sentences = answers.flatMap(({ what, exchange, status, code, retryAfter, tookMs }) => {
    const asksAgain = [429, 503].includes(status) && retryAfter !== null
    const allowed = status === 200 || asksAgain || (tokensLost && status === 401)
    const late = tookMs > withinMs
    if (allowed && !late) return []
    const said = status
      ? `${status} ${code}${[429, 503].includes(status) && !asksAgain ? ' without Retry-After' : ''}`
      : `no answer, ${code}`
    return [`exchange ${exchange}, ${what}: ${said}${late ? `, after ${Math.round(tookMs / 1_000)} s` : ''}`]
  })
  return timesEach(sentences)
}

/** How soon each of so many exchanges gave its first 200 to a call that began after this moment, in seconds; Infinity for never. */
function firstServed(answers: readonly HeardAnswer[], exchanges: number, moment: number): number[] {
  return Array.from({ length: exchanges }, (_, at) => {
    const served = answers.filter(({ exchange, status, beganAt }) => exchange === at && status === 200 && beganAt >= moment)
    return (Math.min(...served.map(({ beganAt, tookMs }) => beganAt + tookMs)) - moment) / 1_000
  })
}

const SERVED_AGAIN_WITHIN_SECONDS = 5

/** What is to be said of exchanges that do not serve within 5 s of the moment from which they can. */
export function servedTooLate(answers: readonly HeardAnswer[], exchanges: number, moment: number, afterSeconds = 0): string[] {
  const served = firstServed(answers, exchanges, moment)
  console.log(`served again after ${served.map(seconds => seconds.toFixed(1)).join(' and ')} s`)
  return served.flatMap((seconds, at) =>
    seconds > afterSeconds + SERVED_AGAIN_WITHIN_SECONDS ? [`exchange ${at} gave its first 200 after ${seconds} s`] : [],
  )
}

/** For whoever reads the run: how often each answer came, and how long the slowest took. */
export function summaryOf(answers: readonly HeardAnswer[]): string {
  const kinds = Map.groupBy(answers, ({ status, code }) => `${status || 'none'}${code ? ` ${code}` : ''}`)
  const counts = [...kinds].map(([kind, all]) => `${kind}: ${all.length}`).join(', ')
  return `${counts}; slowest ${(Math.max(0, ...answers.map(({ tookMs }) => tookMs)) / 1_000).toFixed(1)} s`
}
