import type { Action, WriteOutcome } from '@deskbridge/servicenow'

/** What of a write ServiceNow did not take, for a person or an assistant; undefined where there is nothing to say. */
export function notTakenWords({ name }: Pick<Action, 'name'>, { notTaken = [], notChecked = [] }: WriteOutcome): string | undefined {
  const lines = [
    ...(notTaken.length ? [`${name} was done, but ServiceNow did not take all of it. Do not repeat it as it is.`] : []),
    ...notTaken.map(({ field, asked, kept }) => `  ${field}: asked for ${quoted(asked)}, it has ${quoted(kept)}`),
    ...(notTaken.length
      ? ['A right that the user lacks, a business rule or an unknown choice undid it: correct that, then set these fields again.']
      : []),
    ...(notChecked.length
      ? [`Whether ${notChecked.join(', ')} was taken is not known: the user may not read it, or there is no such field.`]
      : []),
  ]
  return lines.length ? lines.join('\n') : undefined
}

const LONGEST = 120

/** On one line, and nothing that a terminal would obey. */
function quoted(text: string): string {
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ')
  return shown === '' ? 'nothing' : `"${shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown}"`
}
