/**
 * How long is everybody held up by one text? Milliseconds of the processor a megabyte (a million characters) for texts of several lengths, as partners and
 * desks write them and as somebody would who means harm. Time for each length must grow as the length does: what counts is the longest
 * text's milliseconds a megabyte beside those of the shortest. Run: npm run bench -- text
 */
import { harmless, journalText } from '../packages/exchange/src/mapping/index.ts'
import { LONGEST_HTML } from '../packages/exchange/src/mapping/text-of-html.ts'
import { report } from './compare.ts'

/** Enough of them at each length that a round takes as long. */
const CHARACTERS_A_ROUND = 4_000_000
const ROUNDS = 7
const LENGTHS = [4_000, 30_000, 125_000, LONGEST_HTML]
const AIM_TIMES = 2

const filled = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
const inCode = (piece: string) => (length: number) => `[code]${filled(piece, length - 13)}[/code]`
const TABLE = '<table><tr><td>10.0.0.1</td><td>443 open</td></tr><tr><td>10.0.0.2</td><td>8080</td></tr></table>\n'

const TEXTS: Record<string, { of: (length: number) => string; read: (text: string) => string }> = {
  'plain text': { of: length => filled('An engineer will be with you this afternoon.\n', length), read: journalText },
  'plain text, <p> alone': { of: length => filled('<p>', length), read: journalText },
  'plain text, written by a partner': { of: length => filled('a [ b ［ c [code] ', length), read: harmless },
  'a [ and nothing but spaces, written by a partner': { of: length => `[${filled(' ', length)}`, read: harmless },
  '[code] with paragraphs': { of: inCode('<p>An engineer will be with you <b>this</b> afternoon.</p>\n'), read: journalText },
  '[code] with tables': { of: inCode(TABLE), read: journalText },
  '[code] with <p> alone': { of: inCode('<p>'), read: journalText },
  '[code] with < alone': { of: inCode('<'), read: journalText },
  '[code] with <div> in <div>': { of: inCode('<div>'), read: journalText },
  '[code] with <div> in <div> that ends in time': { of: inCode(`${'<div>'.repeat(200)}x${'</div>'.repeat(200)}`), read: journalText },
  '[code] with entities': { of: inCode('&lt;&amp;'), read: journalText },
  'many [code] pairs': { of: length => filled('[code]<b>x</b>[/code] ', length), read: journalText },
  'many [code] without an end': { of: length => filled('[code]', length), read: journalText },
}

/** Of the processor, the least of the rounds: whatever else the machine did came on top. */
function milliseconds(texts: readonly string[], read: (text: string) => string): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    for (const text of texts) read(text)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...rounds)
}

console.log(
  `\nmilliseconds of the processor a megabyte${' '.repeat(12)}${LENGTHS.map(length => `${length / 1_000} kB`.padStart(9)).join('')}`,
)
for (const [title, { of, read }] of Object.entries(TEXTS)) {
  const figures = LENGTHS.map(length => {
    // Made one by one: a text that is one object cannot be read from what was read before.
    const texts = Array.from({ length: Math.ceil(CHARACTERS_A_ROUND / length) }, () => of(length))
    return (milliseconds(texts, read) / (texts.length * length)) * 1_000_000
  })
  console.log(`  ${title.padEnd(50)}${figures.map(figure => figure.toFixed(1).padStart(9)).join('')}`)
  const times = figures.at(-1)! / figures[0]!
  report('  the longest beside the shortest', times, `<= ${AIM_TIMES}`, times <= AIM_TIMES)
}
