import { type ConnectionOptions, type Examination, examine, understandAddress } from '@deskbridge/servicenow'
import { actionLines, checkLine, verdictLine } from './as-text.ts'

/** Examines a connection and tells a person on standard output as it goes. */
export async function tellExamination(options: ConnectionOptions): Promise<Examination> {
  process.stdout.write(`Looking at ${understandAddress(options.baseUrl)}; nothing is changed.\n\n`)
  const live = process.stderr.isTTY
  const examination = await examine(options, {
    onCheck: report => process.stdout.write(checkLine(report)),
    onAction: (_report, done, all) =>
      live ? process.stderr.write(`\r  actions ${done} of ${all}${done === all ? '\r\x1b[K' : ''}`) : true,
  })
  process.stdout.write(actionLines(examination.actions) + verdictLine(examination))
  return examination
}
