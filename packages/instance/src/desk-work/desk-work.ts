import { byCurl } from './by-curl.ts'
import { change } from './change.ts'
import { incident, requestForInformation } from './incident.ts'
import { serviceRequest } from './service-request.ts'
import type { DeskStep, DeskWork } from './step.ts'
import { changeTask, incidentTask, requestTask } from './tasks.ts'

/** The address that `deskbridge instance` has unless another port is asked for. */
export const USUAL_ADDRESS = 'http://127.0.0.1:8081'

/** What a shell needs once, before the first step: whose instance it is, then a way to take one value out of an answer. */
export const beforeFirst = (address: string): readonly Pick<DeskStep, 'does' | 'command'>[] => [
  {
    does: 'Either: an instance of its own, in the folder where `npx deskbridge instance` was started',
    command: `export SERVICENOW_INSTANCE_URL=${address}
export SERVICENOW_USERNAME=admin
export SERVICENOW_PASSWORD=$(cat data-instance/password)`,
  },
  {
    does: 'Or: the sandbox that came with an exchange, in the folder where that was started',
    command: `sandbox() { node -p "JSON.parse(require('fs').readFileSync('data/first-steps.json')).instances.sandbox.$1"; }
export SERVICENOW_INSTANCE_URL=$(sandbox url)
export SERVICENOW_USERNAME=$(sandbox username)
export SERVICENOW_PASSWORD=$(sandbox password)`,
  },
  {
    does: 'Then, to take one value out of an answer',
    command: `field() { name=$1; shift; npx deskbridge action run "$@" --fields "$name" --json | sed -n "s/.*\\"$name\\": \\"\\(.*\\)\\".*/\\1/p"; }
id() { field sys_id "$@"; }`,
  },
]

/**
 * What a desk does with each kind of ticket and task, as commands: the one table that the page `/practice` and docs/guides/at-the-desk.md
 * show, and that acceptance/running/at-the-desk.test.ts does step by step.
 */
export const DESK_WORK: readonly DeskWork[] = [
  incident,
  requestForInformation,
  change,
  serviceRequest,
  incidentTask,
  changeTask,
  requestTask,
  byCurl,
]
