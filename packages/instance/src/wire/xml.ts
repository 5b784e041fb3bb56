import { SaxesParser } from 'saxes'

/** XML as the platform writes and reads it (contract servicenow-core.md 2.2). */

/** `<response>` around a body; a list repeats its element, an empty value is an empty element. */
export function xmlAnswer(body: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${xmlElement('response', Array.isArray(body) ? { result: body } : body)}`
}

/** A value as an element of that name; a list repeats it. */
export function xmlElement(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(one => xmlElement(name, one)).join('')
  const tag = elementName(name)
  const inner = typeof value === 'object' && value !== null ? children(value) : escaped(value)
  return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${tag}>`
}

function children(value: object): string {
  return Object.entries(value)
    .map(([name, one]) => xmlElement(name, one))
    .join('')
}

/** Names of fields are names of elements as they are; only what a caller made up may not be. */
function elementName(name: string): string {
  const possible = name.replace(/[^\w.-]/g, '_')
  return /^[A-Za-z_]/.test(possible) ? possible : `_${possible}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** XML 1.0 has no way to write most control characters, nor half of a surrogate pair. */
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(value: unknown): string {
  if (value === null || value === undefined) return ''
  return String(value)
    .toWellFormed()
    .replace(IMPOSSIBLE, '')
    .replace(/[&<>\r]/g, character => ENTITIES[character]!)
}

/** A tree deeper than this is nobody's record. */
const DEEPEST = 50

interface Open {
  readonly name: string
  text: string
  fields: Record<string, unknown> | undefined
}

/**
 * What the outermost element holds: text where an element has no children, else an object; an element that comes again
 * makes a list. Strict, and without document types, so that there are no entities to expand.
 * @throws Error where the text is not such XML.
 */
export function readXml(text: string): { name: string; value: unknown } {
  const parser = new SaxesParser({ fragment: false })
  const open: Open[] = []
  let root: { name: string; value: unknown } | undefined
  parser.on('error', error => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('A document type is not allowed')
  })
  parser.on('opentag', ({ name }) => {
    if (open.length >= DEEPEST) throw new Error('The elements are nested too deeply')
    open.push({ name, text: '', fields: undefined })
  })
  const append = (piece: string) => {
    const current = open.at(-1)
    if (current) current.text += piece
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('closetag', () => {
    const { name, text: content, fields } = open.pop()!
    const value = fields ?? content
    const outer = open.at(-1)
    if (!outer) root = { name, value }
    else {
      // No prototype: `__proto__` is an element like any other.
      outer.fields ??= Object.create(null) as Record<string, unknown>
      add(outer.fields, name, value)
    }
  })
  parser.write(text).close()
  if (!root) throw new Error('There is no element')
  return root
}

function add(fields: Record<string, unknown>, name: string, value: unknown): void {
  const known = fields[name]
  if (Array.isArray(known)) known.push(value)
  else fields[name] = known === undefined ? value : [known, value]
}
