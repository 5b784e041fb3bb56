import { NOTHING, type ShippedTable, text, yesNo } from './definition.ts'

/** Outbound calls, which on an instance are a business rule and an outbound REST message (contract servicenow-core.md 12.4). */
export const wakeUp: ShippedTable = {
  name: 'practice_wake_up',
  label: 'Wake-up',
  source: 'ours, in place of a business rule and an outbound REST message (servicenow-core 12.4)',
  leftOut: NOTHING,
  readers: 'administrators',
  writers: 'administrators',
  display: 'name',
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('table_name', 'Table', { maxLength: 80 }),
    text('url', 'URL', { maxLength: 1024 }),
    yesNo('active', 'Active', 'true'),
    yesNo('on_insert', 'On insert', 'true'),
    yesNo('on_update', 'On update', 'true'),
    yesNo('on_delete', 'On delete'),
    text('condition', 'Condition', { maxLength: 4000 }),
    text('header_name', 'Header', { maxLength: 100 }),
    text('header_value', 'Header value', { maxLength: 1000 }),
  ],
}
