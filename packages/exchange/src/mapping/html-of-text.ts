const WRITTEN: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\n': '<br />',
  '\t': '&#9;',
  '\r': '&#13;',
}

/** A text as HTML that shows it and nothing else: no tag of its own, its line ends, its spaces in a row. `textOfHtml` reads it. */
export function htmlOfText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[<>&"\n\t\r]/g, character => WRITTEN[character]!)
    .replace(/ (?=[ <])|(?<=>) /g, '&nbsp;')
}
