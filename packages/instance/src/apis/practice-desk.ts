import type { OpenCall } from '../call/call.ts'
import { beforeFirst, DESK_WORK } from '../desk-work/desk-work.ts'
import type { DeskStep, DeskWork } from '../desk-work/step.ts'
import { escaped, htmlPage, marked } from '../wire/html.ts'

const anchor = (kind: string) => kind.toLowerCase().replaceAll(' ', '-')

const shell = (command: string) => `<pre><code>${escaped(command)}</code></pre>`

function step(
  { does, command, note, shows = {}, prints, refused }: DeskStep,
  labels: ReadonlyMap<string, { readonly label: string }>,
): string {
  const printed = prints === undefined ? [] : [`It prints ${prints}`]
  const fields = Object.entries(shows).map(([field, value]) => `${labels.get(field)?.label ?? 'Files'}: ${value === '' ? 'empty' : value}`)
  const after = refused === undefined ? [...printed, ...fields].join(' · ') : `It is refused: ${refused}`
  return `<li>${marked(does)}
${shell(command)}${after === '' ? '' : `<p class="after">${escaped(after)}</p>`}${note === undefined ? '' : `<p class="note">${marked(note)}</p>`}`
}

/** GET /practice: what a desk does with each kind of ticket, with the command for it. */
export async function showDeskPage({ practice }: OpenCall): Promise<Response> {
  const section = ({ kind, table, about, steps }: DeskWork) => {
    const labelsOf = (one: DeskStep) => practice.dictionary.table(one.of?.table ?? table)!.columns
    return `<h2 id="${anchor(kind)}">${kind}</h2>\n<p>${marked(about)}</p>\n<ol>${steps.map(one => step(one, labelsOf(one))).join('\n')}</ol>`
  }
  const kinds = DESK_WORK.map(({ kind }) => `<a href="#${anchor(kind)}">${kind}</a>`).join(' · ')
  return htmlPage(
    'At the desk',
    `<p>What a service desk does with each kind of ticket on this practice instance, with the command for it, from the first to the last. Copy
them one after the other into a shell; each goes on where the one before it ended. The groups and people that they name are those of the
demo company. All that there is to ask for:
<code>npx deskbridge action list</code>. What a ticket’s own partner sees of it is on the other side, in the exchange.</p>
<p>${kinds}</p>
<h2 id="before">Before you begin</h2>
<ul>${beforeFirst(practice.baseUrl)
      .map(({ does, command }) => `<li>${marked(does)}\n${shell(command)}`)
      .join('\n')}</ul>
${DESK_WORK.map(section).join('\n')}`,
  )
}
