/**
 * In a journal `[code]` switches on HTML in an agent's screen. A partner's text has no markup: where it says `[code]` or `[/code]`, the
 * bracket before it is a full-width one (U+FF3B) in ServiceNow, which reads alike, is as long, and switches nothing on. A partner that
 * writes full-width brackets there itself gets them doubled. So each stored form stands for one text only.
 */
const BRACKET = '［'
const WRITTEN = /(?<!［)(［+\[?|\[)(\s*(?:\/\s*)?code\s*\])/gi
const STORED = /(?<!［)(［+)(\s*(?:\/\s*)?code\s*\])/gi

/** A partner's text as it may stand in ServiceNow. `asWritten` gives it back, letter by letter. */
export function harmless(text: string): string {
  return text.replace(WRITTEN, (_, brackets: string, rest: string) => {
    const isMarker = brackets.endsWith('[')
    const own = isMarker ? brackets.length - 1 : brackets.length
    return BRACKET.repeat(isMarker ? 2 * own + 1 : 2 * own) + rest
  })
}

/** The text of which this is the harmless form. */
export function asWritten(text: string): string {
  if (!text.includes(BRACKET)) return text
  return text.replace(STORED, (_, { length }: string, rest: string) => {
    const own = BRACKET.repeat(length >> 1)
    return length % 2 ? `${own}[${rest}` : own + rest
  })
}
