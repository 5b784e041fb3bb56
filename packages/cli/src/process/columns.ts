/** Lines of aligned columns, the first line being their heads. */
export function columns(lines: readonly (readonly string[])[], widths: readonly number[] = widthsOf(lines)): string {
  return lines
    .map(
      line =>
        `${line
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

export function widthsOf(lines: readonly (readonly string[])[]): number[] {
  return (lines[0] ?? []).map((_, column) => Math.max(...lines.map(line => (line[column] ?? '').length)))
}
