import { amount, choice, list, refers, type ShippedTable, span, text, whole, yesNo } from './definition.ts'

/** The records of a service catalogue that tickets refer to (contract servicenow-catalog.md 8.1). Nothing is ordered here. */
export const scCatalog: ShippedTable = {
  name: 'sc_catalog',
  label: 'Catalog',
  source: 'Service Catalog API (servicenow-catalog 8.1)',
  leftOut: 'the fields of `sys_metadata`, which it extends; `desktop_image`, managers, editors',
  readers: 'everybody',
  writers: 'administrators',
  display: 'title',
  lookups: ['title'],
  columns: [
    text('title', 'Title', { maxLength: 100 }),
    text('description', 'Description', { maxLength: 4000 }),
    yesNo('active', 'Active', 'true'),
    yesNo('enable_wish_list', 'Enable wish list'),
  ],
}

export const scCategory: ShippedTable = {
  name: 'sc_category',
  label: 'Category',
  source: 'Service Catalog API (servicenow-catalog 8.1)',
  leftOut: 'the fields of `sys_metadata`, which it extends; `full_description`, icons and images',
  readers: 'everybody',
  writers: 'administrators',
  display: 'title',
  indexes: ['sc_catalog'],
  lookups: ['title'],
  columns: [
    text('title', 'Title', { maxLength: 100 }),
    text('description', 'Description', { maxLength: 4000 }),
    refers('sc_catalog', 'Catalog', 'sc_catalog'),
    refers('parent', 'Parent', 'sc_category'),
    yesNo('active', 'Active', 'true'),
    whole('order', 'Order'),
  ],
}

export const scCatItem: ShippedTable = {
  name: 'sc_cat_item',
  label: 'Catalog Item',
  source: 'Service Catalog API (servicenow-catalog 8.1)',
  leftOut:
    'the fields of `sys_metadata`, which it extends; pictures, `list_price`, `ignore_price`, who may see it, workflows and flows, where it is shown; its variables, and the classes that extend it (producers, guides, content)',
  readers: 'everybody',
  writers: 'administrators',
  extendable: true,
  display: 'name',
  indexes: ['category', 'sys_class_name'],
  lookups: ['name'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('short_description', 'Short description', { maxLength: 200 }),
    text('description', 'Description', { maxLength: 8000 }),
    yesNo('active', 'Active', 'true'),
    refers('category', 'Category', 'sc_category'),
    list('sc_catalogs', 'Catalogs', 'sc_catalog'),
    text('type', 'Type', { default: 'item' }),
    whole('order', 'Order', { default: '0' }),
    amount('price', 'Price'),
    amount('recurring_price', 'Recurring price'),
    text('recurring_frequency', 'Recurring price frequency'),
    span('delivery_time', 'Delivery time'),
    choice(
      'availability',
      'Availability',
      [
        ['on_desktop', 'Desktop Only'],
        ['on_mobile', 'Mobile Only'],
        ['on_both', 'Desktop and Mobile'],
      ],
      { default: 'on_both' },
    ),
    text('request_method', 'Request method'),
    yesNo('mandatory_attachment', 'Mandatory attachment'),
    yesNo('omit_price', 'Omit price in cart'),
    yesNo('no_quantity_v2', 'Hide quantity'),
    refers('owner', 'Owner', 'sys_user'),
    refers('group', 'Fulfillment group', 'sys_user_group'),
  ],
}
