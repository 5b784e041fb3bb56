/** Pages for people: no script, nothing from elsewhere, readable on a telephone and in the dark. */

const STYLE = `:root{color-scheme:light dark;--line:#8884;--soft:#8882;--quiet:#888}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem}
nav a{margin-right:1rem}h1{margin:.5rem 0}h2{margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{text-align:left;vertical-align:top;padding:.2rem 1.2rem .2rem 0;border-bottom:1px solid var(--line)}
code,pre{font:14px/1.45 ui-monospace,monospace;background:var(--soft);border-radius:4px}code{padding:0 .25rem}
pre{padding:.5rem .75rem;overflow-x:auto;margin:.25rem 0}pre code{background:none;padding:0}
ol,ul{padding-left:1.5rem}li{margin:.9rem 0}.note,.after{margin:.25rem 0}.after{color:var(--quiet)}`

const PAGES = [
  ['/', 'Overview'],
  ['/practice', 'At the desk'],
  ['/#people', 'People'],
  ['/#tables', 'Tables'],
  ['/practice/faults/kinds', 'Faults'],
] as const

/** Text that means nothing to a browser. */
export const escaped = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)

/** Text in which backticks mark what is typed, and stars what is said. */
export const marked = (text: string) =>
  escaped(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')

/** Cells are HTML. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  `<table><tr>${head.map(cell => `<th>${cell}`).join('')}\n${rows.map(cells => `<tr>${cells.map(cell => `<td>${cell}`).join('')}`).join('\n')}</table>`

/** A whole page; its content is HTML. */
export function htmlPage(title: string, content: string): Response {
  const links = PAGES.map(([address, name]) => `<a href="${address}">${name}</a>`).join('\n')
  const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Deskbridge practice instance</title>
<style>${STYLE}</style>
<nav>${links}</nav>
<h1>${title}</h1>
${content}
</html>`
  return new Response(page, { headers: { 'Content-Type': 'text/html;charset=UTF-8' } })
}
