import { amount, choice, moment, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** Contract servicenow-core.md 11.6. */
export const scRequest: ShippedTable = {
  name: 'sc_request',
  label: 'Request',
  parent: 'task',
  source: 'Requests (servicenow-core 11.6; servicenow-catalog 8.3)',
  leftOut: '`parent_interaction`, `calendar_stc`; workflows',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'REQ', first: 10_001 },
  columns: [
    choice(
      'request_state',
      'Request state',
      [
        ['requested', 'Pending Approval'],
        ['in_process', 'Approved'],
        ['closed_complete', 'Closed Complete'],
        ['closed_incomplete', 'Closed Incomplete'],
        ['closed_cancelled', 'Closed Cancelled'],
        ['closed_rejected', 'Closed Rejected'],
        ['closed_skipped', 'Closed Skipped'],
        ['submitted', 'Submitted'],
        ['draft', 'Draft'],
      ],
      { default: 'requested' },
    ),
    text('stage', 'Stage', { default: 'requested' }),
    refers('requested_for', 'Requested for', 'sys_user'),
    moment('requested_date', 'Requested date'),
    amount('price', 'Price'),
    text('special_instructions', 'Special instructions', { maxLength: 4000 }),
    text('delivery_address', 'Delivery address', { maxLength: 4000 }),
  ],
}

export const scReqItem: ShippedTable = {
  name: 'sc_req_item',
  label: 'Requested Item',
  parent: 'task',
  source: 'Requests (servicenow-core 11.6; servicenow-catalog 8.3)',
  leftOut: '`variables`, `recurring_frequency`, `order_guide`; stages of a workflow, what `context` and `flow_context` refer to',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'RITM', first: 10_001 },
  columns: [
    refers('request', 'Request', 'sc_request'),
    refers('cat_item', 'Item', 'sc_cat_item'),
    refers('sc_catalog', 'Catalog', 'sc_catalog'),
    whole('quantity', 'Quantity', { default: '1' }),
    amount('price', 'Price'),
    amount('recurring_price', 'Recurring Price'),
    refers('requested_for', 'Requested for', 'sys_user'),
    text('stage', 'Stage'),
    moment('estimated_delivery', 'Estimated delivery'),
    yesNo('backordered', 'Backordered'),
    yesNo('billable', 'Billable'),
    refers('configuration_item', 'Configuration item', 'cmdb_ci'),
    refers('context', 'Context', 'wf_context'),
    refers('flow_context', 'Flow context', 'sys_flow_context'),
  ],
}

export const scTask: ShippedTable = {
  name: 'sc_task',
  label: 'Catalog Task',
  parent: 'task',
  source: 'Requests (servicenow-core 11.6; servicenow-platform 5.4)',
  leftOut: '`cat_item`; that `request` and `sc_catalog` are copied from the item',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'SCTASK', first: 10_001 },
  columns: [
    refers('request_item', 'Request item', 'sc_req_item'),
    refers('request', 'Request', 'sc_request'),
    refers('sc_catalog', 'Catalog', 'sc_catalog'),
  ],
}
