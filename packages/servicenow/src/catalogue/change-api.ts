import { z } from 'zod'
import { action } from '../performing/action.ts'
import {
  CHANGE,
  changeCall,
  changed,
  changeFrom,
  changeListing,
  changesFrom,
  listParameters,
  MAY_DELETE,
  MAY_READ,
  MAY_WRITE,
  record,
  records,
  SOURCE,
  saved,
  savedChangeFrom,
} from '../rows/change-calls.ts'
import * as input from '../rows/input.ts'

/** Changes by type, what may come next, and their approval (servicenow-core 9.2, 9.5). */

const shown = (value: string, display_value = value) => ({ value, display_value })
const EXAMPLE = { sys_id: shown(CHANGE), number: shown('CHG0030001'), state: shown('-5', 'New') }
const SAVED = { record: EXAMPLE, ignoredFields: [] }
const TEMPLATE = '508e02ec47410200e90d87e8dee49058'
const CREATED = { probe: 'Give it a correlation_id of your own and ask change.list for it.' }
const sysId = input.sysId.describe('sys_id of the change request.')

function createOf<const Name extends string>(name: Name, type: 'normal' | 'emergency', whenToUse: string) {
  return action({
    name,
    title: `Create ${type === 'normal' ? 'a normal' : 'an emergency'} change`,
    whenToUse,
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: input.writing({}, {}),
    output: saved,
    request: asked => changeCall('POST', `/${type}`, { json: input.fieldsToWrite(asked) }),
    perform: async (sender, call) => savedChangeFrom(sender, (await sender.send(call)).result),
    example: { input: { values: { short_description: 'Replace the core switch', correlation_id: 'db-4712' } }, output: SAVED },
    source: `${SOURCE}, POST /change/${type} (servicenow-core 9.2)`,
    repeat: CREATED,
  })
}

function answerOf<const Name extends string, Comments extends z.ZodType<string | undefined>>(
  name: Name,
  state: 'approved' | 'rejected',
  { title, whenToUse, comments }: { title: string; whenToUse: string; comments: Comments },
) {
  return action({
    name,
    title,
    whenToUse,
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z.strictObject({ sysId, comments }),
    output: changed,
    request: asked => {
      const { sysId, comments } = asked as { sysId: string; comments?: string }
      return changeCall('PATCH', `/${sysId}/approvals`, { json: { state, comments } })
    },
    perform: async (sender, call) => changeFrom(sender, (await sender.send(call)).result),
    example: { input: { sysId: CHANGE, comments: 'Seen in the advisory board' } as never, output: EXAMPLE },
    source: `${SOURCE}, PATCH /change/{sys_id}/approvals (servicenow-core 9.2)`,
    repeat: { probe: 'Ask approval.list for sysapproval and approver: state tells whether it was answered.' },
  })
}

export const changeApiActions = [
  createOf('change.createNormal', 'normal', 'To open a change that is assessed and authorised before it is done.'),
  createOf('change.createEmergency', 'emergency', 'To open a change that cannot wait: it goes to authorisation at once.'),
  action({
    name: 'change.createStandard',
    title: 'Create a standard change',
    whenToUse: 'To open a change that is approved beforehand, from its template: change.templates lists them.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z
      .strictObject({
        template: input.sysId.describe('sys_id of the template (std_change_record_producer).'),
        values: input.values.describe('Fields beside those of the template; its description and plans cannot be changed.'),
        clear: input.clear,
      })
      .superRefine(({ values = {}, clear = [] }, context) => input.addBoth(values, clear, context)),
    output: saved,
    request: ({ template, ...asked }) => changeCall('POST', `/standard/${template}`, { json: input.fieldsToWrite(asked) }),
    perform: async (sender, call) => savedChangeFrom(sender, (await sender.send(call)).result),
    example: { input: { template: TEMPLATE, values: { correlation_id: 'db-4712' } }, output: SAVED },
    source: `${SOURCE}, POST /change/standard/{template_id} (servicenow-core 9.2)`,
    repeat: CREATED,
  }),
  action({
    name: 'change.templates',
    title: 'List templates of standard changes',
    whenToUse: 'To find the template from which a standard change is made.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'offset',
    input: z.strictObject(changeListing),
    output: records,
    request: asked => changeCall('GET', '/standard/template', { parameters: listParameters(asked) }),
    perform: async (sender, call) => changesFrom(sender, (await sender.send(call)).result),
    example: { input: { limit: 10 }, output: { rows: [{ sys_id: shown(TEMPLATE), sys_name: shown('Replace a disk') }] } },
    source: `${SOURCE}, GET /change/standard/template (servicenow-core 9.2)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.models',
    title: 'List change models',
    whenToUse: 'To see which models of change the instance has.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'offset',
    input: z.strictObject(changeListing),
    output: records,
    request: asked => changeCall('GET', '/model', { parameters: listParameters(asked) }),
    perform: async (sender, call) => changesFrom(sender, (await sender.send(call)).result),
    example: {
      input: {},
      output: { rows: [{ sys_id: shown('007c4001c343101035ae3f52c1d3aeb2'), name: shown('Normal') }] },
    },
    source: `${SOURCE}, GET /change/model (servicenow-core 9.2)`,
    repeat: 'safe',
  }),
  action({
    name: 'change.nextStates',
    title: 'List the next states of a change',
    whenToUse: 'To know to which states a change may move now, before updating it.',
    effect: 'reads',
    shape: 'own',
    needs: MAY_READ,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: z.object({ states: z.array(z.object({ value: z.string(), label: z.string() })).describe('The present state among them.') }),
    request: ({ sysId }) => changeCall('GET', `/${sysId}/nextstates`),
    perform: async (sender, call) => {
      const { available_states: states, state_label: labels } = ((await sender.send(call)).result ?? {}) as {
        available_states?: unknown
        state_label?: Record<string, unknown>
      }
      if (!Array.isArray(states)) throw sender.failure('broken-answer', 'the answer has no states')
      return { states: states.map(String).map(value => ({ value, label: String(labels?.[value] ?? value) })) }
    },
    example: { input: { sysId: CHANGE }, output: { states: [{ value: '-4', label: 'Assess' }] } },
    source: `${SOURCE}, GET /change/{sys_id}/nextstates (servicenow-core 9.5)`,
    repeat: 'safe',
  }),
  answerOf('change.approve', 'approved', {
    title: 'Approve a change',
    whenToUse: 'To say yes to a change that waits for the approval of the user of this connection.',
    comments: z.string().min(1).optional().describe('What to say with it.'),
  }),
  answerOf('change.reject', 'rejected', {
    title: 'Reject a change',
    whenToUse: 'To say no to a change that waits for the approval of the user of this connection, with the reason.',
    comments: z.string().min(1).describe('Why not.'),
  }),
  action({
    name: 'change.calculateRisk',
    title: 'Calculate the risk of a change',
    whenToUse: 'To have ServiceNow set risk and impact of a change by its own conditions.',
    effect: 'changes',
    shape: 'own',
    needs: MAY_WRITE,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: record,
    request: ({ sysId }) => changeCall('PATCH', `/${sysId}/risk`, { json: {} }),
    perform: async (sender, call) => changeFrom(sender, (await sender.send(call)).result),
    example: { input: { sysId: CHANGE }, output: { ...EXAMPLE, risk: shown('3', 'Moderate') } },
    source: `${SOURCE}, PATCH /change/{sys_id}/risk (servicenow-core 9.2)`,
    repeat: { probe: 'Ask change.get for risk and sys_mod_count; the same again gives the same risk.' },
  }),
  action({
    name: 'change.delete',
    title: 'Delete a change',
    whenToUse: 'To remove a change for good, such as one that a test made. A change that is not wanted any more is cancelled instead.',
    effect: 'deletes',
    shape: 'own',
    needs: MAY_DELETE,
    paging: 'none',
    input: z.strictObject({ sysId }),
    output: record.describe('The change as it was.'),
    request: ({ sysId }) => changeCall('DELETE', `/${sysId}`),
    perform: async (sender, call) => changeFrom(sender, (await sender.send(call)).result),
    example: { input: { sysId: CHANGE }, output: EXAMPLE },
    source: `${SOURCE}, DELETE /change/{sys_id} (servicenow-core 9.2)`,
    repeat: { probe: 'Ask change.get: not-found means it is gone.' },
  }),
] as const
