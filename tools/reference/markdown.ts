/** A table; a cell's text cannot break it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const cell = (text: string) =>
  text
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ')
    .trim()

export const code = (text: string) => (text === '' ? '' : `\`${text}\``)

/** The anchor that a heading gets. */
export const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')

/** A page; `command` wrote it, so that nobody corrects it by hand. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, `Written from ${source} by \`npm run reference\`.`, ...parts].join('\n\n')}\n`
}

/** A text with something else between two marks of it; undefined where it does not have them. */
export function fillBetween(text: string, [begin, end]: readonly [string, string], filling: string): string | undefined {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  return from < 0 || to < from ? undefined : `${text.slice(0, from + begin.length)}\n${filling}\n${text.slice(to)}`
}
