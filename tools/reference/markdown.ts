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
