import { asWritten } from './partner-text.ts'
import { readable } from './readable.ts'
import { LONGEST_HTML, textOfHtml } from './text-of-html.ts'

const MARKER = /\[(\/?)code\]/gi

/**
 * An entry of a journal as a partner reads it: HTML between `[code]` and `[/code]`, in any letter case, becomes text; all else is text
 * and stays. A `[code]` that is not closed is text too, and so is what is longer or deeper than textOfHtml takes.
 */
export function journalText(entry: string): string {
  return readable(asWritten(entry.length > LONGEST_HTML ? entry : withoutCode(entry)))
}

function withoutCode(entry: string): string {
  const pieces: string[] = []
  /** Up to here all is taken; and where the HTML began, while there is a [code] before it. */
  let taken = 0
  let html: number | undefined
  for (const { 0: marker, 1: slash, index } of entry.matchAll(MARKER)) {
    if (slash === '' && html === undefined) {
      pieces.push(entry.slice(taken, index))
      taken = index
      html = index + marker.length
    } else if (slash === '/' && html !== undefined) {
      const after = index + marker.length
      pieces.push(textOfHtml(entry.slice(html, index)) ?? entry.slice(taken, after))
      taken = after
      html = undefined
    }
  }
  return pieces.join('') + entry.slice(taken)
}
