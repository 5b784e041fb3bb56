/** The forms an answer can take. */
export type Form = 'json' | 'xml'

const NAMES: Readonly<Record<Form, readonly string[]>> = {
  json: ['application/json', 'text/json', 'application/*', 'text/*', '*/*', '*'],
  xml: ['application/xml', 'text/xml', 'application/*', 'text/*', '*/*', '*'],
}

/**
 * The form that a caller prefers, or undefined where neither will do. JSON is the default, also without the header
 * (contract servicenow-core.md 2.2); of two that are wanted alike the one that was named wins, then the one named first.
 */
export function acceptedForm(accept: string | null): Form | undefined {
  if (accept === null || accept === '' || accept === '*/*' || accept === 'application/json') return 'json'
  const ranges = accept.split(',').map(read)
  const [best, other] = (['json', 'xml'] as const)
    .flatMap(form => {
      const wish = wishFor(form, ranges)
      return wish ? [{ form, ...wish }] : []
    })
    .sort((a, b) => b.quality - a.quality || a.vagueness - b.vagueness || a.at - b.at)
  return best && other && best.at === other.at ? 'json' : best?.form
}

interface Range {
  readonly name: string
  readonly quality: number
}

function read(range: string): Range {
  const [name = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
  const quality = parameters.find(parameter => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '')
  const number = quality === undefined ? 1 : Number(quality)
  return { name, quality: Number.isNaN(number) ? 0 : number }
}

/** The most exact of the ranges that a form falls under decides (RFC 9110 12.5.1). */
function wishFor(form: Form, ranges: readonly Range[]): { quality: number; vagueness: number; at: number } | undefined {
  for (const [place, name] of NAMES[form].entries()) {
    const at = ranges.findIndex(range => range.name === name)
    if (at < 0) continue
    const { quality } = ranges[at]!
    return quality > 0 ? { quality, vagueness: Math.max(0, place - 1), at } : undefined
  }
  return undefined
}
