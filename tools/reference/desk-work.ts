import { beforeFirst, DESK_WORK, USUAL_ADDRESS } from '../../packages/instance/src/desk-work/desk-work.ts'
import type { DeskStep, DeskWork } from '../../packages/instance/src/desk-work/step.ts'
import { fillBetween } from './markdown.ts'

/** The guide of the desk with its commands between the markers; undefined where it has none. */
export const withDeskWork = (text: string) =>
  fillBetween(
    text,
    ['<!-- desk-work -->', '<!-- /desk-work -->'],
    [...beforeFirst(USUAL_ADDRESS).map(step), ...DESK_WORK.map(section)].join('\n\n'),
  )

const shell = (command: string) => `\`\`\`sh\n${command}\n\`\`\``

const section = ({ kind, about, steps }: DeskWork) => [`## ${kind}`, about, ...steps.map(step)].join('\n\n')

function step({ does, command, note, refused }: Pick<DeskStep, 'does' | 'command' | 'note' | 'refused'>): string {
  const refusal = refused === undefined ? [] : [`It is refused: *${refused}*.`]
  const sentences = [`**${does.replace(/\.$/, '')}.**`, ...refusal, ...(note === undefined ? [] : [note])]
  return `${sentences.join(' ')}\n\n${shell(command)}`
}
