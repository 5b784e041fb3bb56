const SPACE = /[ \t\r\f]/
const SPACES = /[ \t\r\f]+/g

/**
 * Puts text together as somebody reads it: white space in a row is one space, what stands between two lines is counted until more text
 * comes. Everything that is called adds to the end, so it takes as long as the text is long.
 */
export class ReadingLines {
  #written = ''
  /** Line ends that the next text needs before it: by elements, by breaks, by line ends of the source. */
  #wanted = 0
  #broken = 0
  #soft = 0
  #space = false
  #tabs = 0
  #mark = ''
  #cells = 0
  #rowHasText = false
  #cellIsEmpty = false

  /** White space in a row is one space; a line end stays one, as ServiceNow's journals show it. */
  add(text: string): void {
    let from = 0
    for (let lineEnd = text.indexOf('\n'); lineEnd >= 0; lineEnd = text.indexOf('\n', from)) {
      this.#addLine(text.slice(from, lineEnd))
      this.#soft += 1
      from = lineEnd + 1
    }
    this.#addLine(text.slice(from))
  }

  #addLine(line: string): void {
    if (!SPACE.test(line)) {
      this.addVerbatim(line)
      return
    }
    const words = line.replace(SPACES, ' ')
    if (words.startsWith(' ')) this.#space = true
    if (words === ' ') return
    const ends = words.endsWith(' ')
    this.addVerbatim(words.slice(words.startsWith(' ') ? 1 : 0, ends ? -1 : undefined))
    this.#space = ends
  }

  /** A text that stays as it is. */
  addVerbatim(text: string): void {
    if (text === '') return
    const lineEnds = this.#wanted ? Math.max(this.#wanted, this.#broken) : Math.max(this.#broken, this.#soft)
    if (lineEnds) {
      if (this.#written) this.#written += '\n'.repeat(lineEnds)
    } else if (this.#space && !this.#tabs) this.#written += ' '
    if (this.#tabs) this.#written += '\t'.repeat(this.#tabs)
    this.#written += this.#mark + text
    this.#forgetSpace()
    this.#tabs = 0
    this.#mark = ''
    this.#rowHasText = true
    this.#cellIsEmpty = false
  }

  /** Text with its own line ends; those at its end are breaks. */
  addLines(text: string): void {
    let end = text.length
    while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1
    this.addVerbatim(text.slice(0, end))
    for (let at = end; at < text.length; at++) if (text[at] === '\n') this.#broken += 1
  }

  /** What comes next begins so many line ends further down, at least. A cell begins where it stands, whatever it begins with. */
  lineEnds(count: number): void {
    if (!this.#cellIsEmpty) this.#wanted = Math.max(this.#wanted, count)
  }

  break(): void {
    if (!this.#cellIsEmpty) this.#broken += 1
  }

  /** Stands before what comes next. */
  mark(mark: string): void {
    this.#mark = mark
  }

  row(): void {
    this.#cellIsEmpty = false
    this.lineEnds(1)
    this.#cells = 0
    this.#rowHasText = false
  }

  /** The cells of a row stand beside one another, with a tab between them, whatever they are made of. */
  cell(): void {
    this.cellEnds()
    if (this.#cells > 0) this.#tabs += 1
    this.#cells += 1
    this.#cellIsEmpty = true
  }

  cellEnds(): void {
    this.#cellIsEmpty = false
    if (this.#rowHasText) this.#forgetSpace()
  }

  toString(): string {
    return this.#written.trim()
  }

  #forgetSpace(): void {
    this.#wanted = 0
    this.#broken = 0
    this.#soft = 0
    this.#space = false
  }
}
