import { ExchangeError } from './errors.ts'

/**
 * What UTF-8 and its part US-ASCII are called: the labels of UTF-8 in the WHATWG Encoding Standard, the names of both in IANA's list of
 * character sets, and `ascii`, which every programming language says.
 */
const UTF8_NAMES = new Set([
  ...['utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8', 'csutf8'],
  ...['us-ascii', 'ascii', 'ansi_x3.4-1968', 'ansi_x3.4-1986', 'iso_646.irv:1991', 'iso-ir-6', 'iso646-us', 'us', 'ibm367', 'cp367'],
  'csascii',
])

/** The charset of a Content-Type, if it says one that is not UTF-8. Quotes of either kind may stand around it. */
function otherCharset(contentType: string): string | undefined {
  const [, given = ''] = /;\s*charset\s*=\s*["']?\s*([^"';\s]*)/i.exec(contentType) ?? []
  return given === '' || UTF8_NAMES.has(given.toLowerCase()) ? undefined : given.slice(0, 60)
}

/** @throws ExchangeError unsupported_media_type */
export function assertUtf8(contentType: string): void {
  const charset = otherCharset(contentType)
  if (charset !== undefined)
    throw new ExchangeError('unsupported_media_type', `The body must be in UTF-8, not ${charset}.`, {
      hint: 'Encode the body as UTF-8 and leave "charset" out of the Content-Type, or say "charset=utf-8".',
    })
}
