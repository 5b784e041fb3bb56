import type { DeskWork } from './step.ts'

const DESK = `desk() { path=$1; shift; printf 'user = "%s:%s"' "$SERVICENOW_USERNAME" "$SERVICENOW_PASSWORD" |
  curl -sS -K - -H 'Content-Type: application/json' "$@" "$SERVICENOW_INSTANCE_URL/api/now/table/$path"; }`

export const byCurl: DeskWork = {
  kind: 'The same by curl',
  table: 'incident',
  variable: 'INC',
  about:
    'The Table API does it too: all of a save in one call, and with `sysparm_input_display_value=true` by the names that people see. It drops in silence what it does not know, where the command says so.',
  steps: [
    {
      does: 'Once: the password goes to curl on standard input, where no other user of the machine reads it',
      command: `${DESK}\nINC=$(id incident.create --values short_description='The printer blinks')`,
      shows: { state: 'New' },
    },
    {
      does: 'Take it, and say so',
      command: `desk "incident/$INC" -X PATCH -d '{"state":"2","comments":"We are on it."}'`,
      shows: { state: 'In Progress', comments: 'We are on it.' },
    },
    {
      does: 'Assign it and put it on hold, by names',
      command: `desk "incident/$INC?sysparm_input_display_value=true" -X PATCH \\
  -d '{"assignment_group":"Network","state":"On Hold","hold_reason":"Awaiting Vendor"}'`,
      shows: { assignment_group: 'Network', state: 'On Hold', hold_reason: 'Awaiting Vendor' },
    },
    {
      does: 'Resolve it without saying how',
      command: `desk "incident/$INC" --fail-with-body -X PATCH -d '{"state":"6"}'`,
      refused: 'The following fields are mandatory: Resolution code, Resolution notes',
    },
  ],
}
