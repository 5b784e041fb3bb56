import { byCurl } from './by-curl.ts'
import { change } from './change.ts'
import { incident, requestForInformation } from './incident.ts'
import { serviceRequest } from './service-request.ts'
import type { DeskWork } from './step.ts'
import { changeTask, incidentTask, requestTask } from './tasks.ts'

/** The address that `deskbridge instance` has unless another port is asked for. */
export const USUAL_ADDRESS = 'http://127.0.0.1:8081'

/** What a shell needs once, before the first step. */
export const beforeAllSteps = (address: string) => `export SERVICENOW_INSTANCE_URL=${address}
export SERVICENOW_USERNAME=admin
export SERVICENOW_PASSWORD=$(cat data-instance/password)
field() { name=$1; shift; npx deskbridge action run "$@" --fields "$name" --json | sed -n "s/.*\\"$name\\": \\"\\(.*\\)\\".*/\\1/p"; }
id() { field sys_id "$@"; }`

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
