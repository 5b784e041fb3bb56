import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { type Effect, ELEMENTS, LIE_BESIDE } from './html-elements.ts'
import { ReadingLines } from './reading-lines.ts'

/** Characters. Beyond it HTML stays as it is: this much holds everybody else up for 40 ms at most (bench/text.ts). */
export const LONGEST_HTML = 500_000
/** Elements in one another. Beyond it HTML stays as it is; what mail programs write has a few dozen. */
export const DEEPEST_HTML = 256

/**
 * What HTML says, as text: line ends for blocks and rows, tabs between cells, marks before the items of a list, a link's address behind
 * its text, a picture's alternative text or file name. A tag that HTML does not have is text. One pass over the characters, never
 * back and never deeper into the stack. Undefined where it is longer or deeper than the bounds.
 */
export function textOfHtml(html: string): string | undefined {
  if (html.length > LONGEST_HTML) return undefined
  const reading = new HtmlReading(html)
  const tokenizer = new Tokenizer({}, reading)
  reading.stop = () => tokenizer.pause()
  tokenizer.write(html)
  tokenizer.end()
  return reading.text()
}

/** Line ends before and after an element. */
const LINE_ENDS: Partial<Record<Effect, number>> = {
  paragraph: 2,
  list: 2,
  numbered: 2,
  'as it stands': 2,
  line: 1,
  item: 1,
  row: 1,
  rule: 1,
}

class HtmlReading implements TokenizerCallbacks {
  stop = () => {}
  readonly #html: string
  readonly #lines = new ReadingLines()
  /** Behind the last thing that was read: an unfinished tag at the end is text. */
  #read = 0
  #tag = ''
  #tagStart = 0
  #attribute = ''
  #value = ''
  #attributes: Record<string, string> = {}
  #depth = 0
  #tooDeep = false
  #lists: { numbered: boolean; count: number }[] = []
  /** What it leads to, and as much of its text as may be its address. */
  #link: { href: string; text: string } | undefined
  #verbatim = 0
  #unread = ''

  constructor(html: string) {
    this.#html = html
  }

  text(): string | undefined {
    if (this.#tooDeep) return undefined
    this.#endLink()
    return this.#lines.toString()
  }

  ontext(start: number, end: number): void {
    this.#read = end
    this.#say(this.#html.slice(start, end))
  }

  ontextentity(codePoint: number, end: number): void {
    this.#read = end
    const character = String.fromCodePoint(codePoint)
    // White space by name is meant; a no-break space is how editors write a second one.
    if (character === '\u00a0') this.#literally(' ')
    else if (character === '\t' || character === '\r') this.#literally(character)
    else this.#say(character)
  }

  onopentagname(start: number, end: number): void {
    this.#tag = this.#html.slice(start, end).toLowerCase()
    this.#tagStart = start - 1
    this.#attributes = {}
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#html.slice(start, end).toLowerCase()
    this.#value = ''
  }

  onattribdata(start: number, end: number): void {
    if (READ_ATTRIBUTES.has(this.#attribute)) this.#value += this.#html.slice(start, end)
  }

  onattribentity(codePoint: number): void {
    if (READ_ATTRIBUTES.has(this.#attribute)) this.#value += String.fromCodePoint(codePoint)
  }

  onattribend(): void {
    if (READ_ATTRIBUTES.has(this.#attribute)) this.#attributes[this.#attribute] ??= this.#value.trim()
  }

  onopentagend(end: number): void {
    this.#read = end + 1
    const effect = ELEMENTS.get(this.#tag)
    if (!effect) {
      this.#literally(this.#html.slice(this.#tagStart, this.#read))
      return
    }
    if (!LIE_BESIDE.has(this.#tag) && ++this.#depth > DEEPEST_HTML) {
      this.#tooDeep = true
      this.stop()
      return
    }
    this.#begin(effect)
  }

  /** HTML knows no element that ends in its own tag: the slash means nothing. */
  onselfclosingtag(end: number): void {
    this.onopentagend(end)
    if (ELEMENTS.has(this.#tag) && !LIE_BESIDE.has(this.#tag)) this.#close(this.#tag)
  }

  onclosetag(start: number, end: number): void {
    const close = this.#html.indexOf('>', end)
    this.#read = close < 0 ? this.#html.length : close + 1
    const name = this.#html.slice(start, end).toLowerCase()
    if (ELEMENTS.has(name)) this.#close(name)
    else this.#literally(this.#html.slice(this.#html.lastIndexOf('<', start), this.#read))
  }

  oncomment(_start: number, end: number): void {
    this.#read = end + 1
  }

  ondeclaration(_start: number, end: number): void {
    this.#read = end + 1
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.#read = end + 1
    this.#literally(this.#html.slice(start, end - endOffset))
  }

  onprocessinginstruction(start: number, end: number): void {
    this.#read = end + 1
    this.#literally(this.#html.slice(start - 1, this.#read))
  }

  onend(): void {
    this.#literally(this.#html.slice(this.#read))
  }

  #say(text: string): void {
    if (this.#unread) return
    if (this.#link && this.#link.text.length <= this.#link.href.length) this.#link.text += text
    if (this.#verbatim) this.#lines.addLines(text)
    else this.#lines.add(text)
  }

  #literally(text: string): void {
    if (!this.#unread) this.#lines.addVerbatim(text)
  }

  #begin(effect: Effect): void {
    const lines = this.#lines
    lines.lineEnds(this.#lineEndsAt(effect))
    if (effect === 'list' || effect === 'numbered') this.#lists.push({ numbered: effect === 'numbered', count: 0 })
    else if (effect === 'item') lines.mark(this.#itemMark())
    else if (effect === 'row') lines.row()
    else if (effect === 'cell') lines.cell()
    else if (effect === 'break') lines.break()
    else if (effect === 'rule') this.#rule()
    else if (effect === 'link') this.#beginLink()
    else if (effect === 'picture') this.#say(`[${pictureName(this.#attributes)}]`)
    else if (effect === 'as it stands') this.#verbatim += 1
    else if (effect === 'unread') this.#unread = this.#tag
  }

  #close(name: string): void {
    if (this.#unread && this.#unread !== name) return
    this.#unread = ''
    if (!LIE_BESIDE.has(name)) this.#depth = Math.max(0, this.#depth - 1)
    const effect = ELEMENTS.get(name)!
    if (effect === 'list' || effect === 'numbered') this.#lists.pop()
    else if (effect === 'cell') this.#lines.cellEnds()
    else if (effect === 'break') this.#lines.break()
    else if (effect === 'link') this.#endLink()
    else if (effect === 'as it stands') this.#verbatim = Math.max(0, this.#verbatim - 1)
    this.#lines.lineEnds(this.#lineEndsAt(effect))
  }

  /** Before and after an element; a list within a list has no blank line around it. */
  #lineEndsAt(effect: Effect): number {
    const isList = effect === 'list' || effect === 'numbered'
    return isList && this.#lists.length ? 1 : (LINE_ENDS[effect] ?? 0)
  }

  #rule(): void {
    this.#lines.addVerbatim('---')
    this.#lines.lineEnds(1)
  }

  #beginLink(): void {
    this.#endLink()
    this.#link = { href: this.#attributes.href ?? '', text: '' }
  }

  #itemMark(): string {
    const list = this.#lists.at(-1)
    const indent = '  '.repeat(Math.max(0, this.#lists.length - 1))
    if (!list?.numbered) return `${indent}* `
    list.count += 1
    return `${indent}${list.count}. `
  }

  /** A link's address stands behind its text, unless that is the address. */
  #endLink(): void {
    const link = this.#link
    this.#link = undefined
    if (!link?.href || NO_ADDRESS.test(link.href)) return
    const text = link.text.trim()
    if (text === '') this.#lines.addVerbatim(link.href)
    else if (!sameAddress(text, link.href)) {
      this.#lines.add(' ')
      this.#lines.addVerbatim(`[${link.href}]`)
    }
  }
}

const READ_ATTRIBUTES: ReadonlySet<string> = new Set(['href', 'src', 'alt'])
/** A place in the same page, or a program. */
const NO_ADDRESS = /^(#|javascript:)/i
const WAYS = ['', 'mailto:', 'tel:', 'http://', 'https://']

/** Whether a link's text is its address, with or without the way to get there. */
function sameAddress(text: string, href: string): boolean {
  const address = href.endsWith('/') ? href.slice(0, -1) : href
  return WAYS.some(way => address === way + text || href === way + text)
}

/** What a picture is called: by its alternative text, else by its file. */
function pictureName({ alt, src = '' }: Record<string, string>): string {
  if (alt) return alt
  const file = src.startsWith('data:') ? '' : (src.split(/[?#]/, 1)[0] ?? '').split('/').at(-1)
  return file || 'picture'
}
