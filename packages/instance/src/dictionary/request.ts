import { amount, choice, moment, refers, type TableDefinition, text, whole, yesNo } from './definition.ts'

/** Contract servicenow-core.md 11.6. */
export const scRequest: TableDefinition = {
  name: 'sc_request',
  label: 'Request',
  parent: 'task',
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

export const scReqItem: TableDefinition = {
  name: 'sc_req_item',
  label: 'Requested Item',
  parent: 'task',
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

export const scTask: TableDefinition = {
  name: 'sc_task',
  label: 'Catalog Task',
  parent: 'task',
  display: 'number',
  number: { prefix: 'SCTASK', first: 10_001 },
  columns: [
    refers('request_item', 'Request item', 'sc_req_item'),
    refers('request', 'Request', 'sc_request'),
    refers('sc_catalog', 'Catalog', 'sc_catalog'),
  ],
}
