import { z } from 'zod'
import { action } from '../performing/action.ts'
import { instanceCall, item, relatedItemFrom, shownValue } from '../rows/cmdb-items.ts'
import * as input from '../rows/input.ts'
import { apiNeeds } from '../rows/needs.ts'
import { deleted, writeOutcome } from '../rows/output.ts'

/**
 * Configuration items with their relations, and items that are found again instead of made twice. From the CMDB Instance API of
 * ServiceNow's public reference; the contracts of this repository do not have it, only what is common to all resources.
 */

const NEEDS = apiNeeds('the CMDB Instance API', '/api/now/cmdb/instance/cmdb_ci', { roles: ['itil'] })
const SOURCE = 'of the CMDB Instance API in ServiceNow’s reference (common rules: servicenow-core 2)'
const ITEM = 'b0c25d1bc0a800090168be1bfcdcd759'
const OTHER = '27d32778c0a8000b00db970eeaa60f16'
const TYPE = '1a9cb166f1571100a92eb60da2bce5c5'
const RELATION = '55c95bf6c0a8010e0118ec7056ebc54d'

const ofClass = input.tableName.describe('Class of the item, such as cmdb_ci_server.')
const source = z.string().min(1).max(100).describe('Who says so: a value of discovery_source that the instance has, such as ServiceNow.')
const wanted = z
  .array(
    z.strictObject({
      target: input.sysId.describe('sys_id of the other item.'),
      type: input.sysId.describe('sys_id of the kind of relation (cmdb_rel_type).'),
    }),
  )
  .min(1)
  .max(500)
const outbound = wanted.optional().describe('Relations in which the item is the parent.')
const inbound = wanted.optional().describe('Relations in which the item is the child.')

const writtenItem = item.extend(writeOutcome)

const EXAMPLE = {
  attributes: { sys_id: shownValue(ITEM), name: shownValue('switch-04'), sys_class_name: shownValue('cmdb_ci_netgear') },
  outbound: [],
  inbound: [{ sysId: RELATION, type: shownValue(TYPE, 'Depends on::Used by'), target: shownValue(OTHER, 'Managed Network') }],
}

export const configurationItemApiActions = [
  action({
    name: 'configurationItem.getWithRelations',
    title: 'Get a configuration item with its relations',
    whenToUse: 'To read an item with all its fields and what it is related to, in one call.',
    effect: 'reads',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ class: ofClass, sysId: input.sysId }),
    output: item,
    request: ({ class: name, sysId }) => instanceCall('GET', `${name}/${sysId}`),
    perform: async (sender, call) => relatedItemFrom(sender, (await sender.send(call)).result),
    example: { input: { class: 'cmdb_ci_netgear', sysId: ITEM }, output: EXAMPLE },
    source: `GET /now/cmdb/instance/{class}/{sys_id} ${SOURCE}`,
    repeat: 'safe',
  }),
  action({
    name: 'configurationItem.createOrUpdate',
    title: 'Create a configuration item, or update the one that it is',
    whenToUse: 'To report an item that may be known already: ServiceNow identifies it by its own rules, and makes it only when it is new.',
    effect: 'changes',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z
      .strictObject({
        class: ofClass,
        attributes: z
          .record(z.string().regex(/^[a-z0-9_]+$/), z.string())
          .describe(
            `Field values as stored, all as texts; among them what identifies the item, such as name or serial_number. ${input.EMPTY_CLEARS}`,
          ),
        clear: input.clear,
        source,
        outbound,
        inbound,
      })
      .superRefine(({ attributes, clear = [] }, context) => input.addBoth(attributes, clear, context)),
    output: writtenItem,
    request: ({ class: name, attributes: values, clear, source, outbound, inbound }) =>
      instanceCall('POST', name, {
        attributes: input.fieldsToWrite({ values, clear }),
        source,
        outbound_relations: outbound,
        inbound_relations: inbound,
      }),
    perform: async (sender, call) => relatedItemFrom(sender, (await sender.send(call)).result),
    example: { input: { class: 'cmdb_ci_netgear', attributes: { name: 'switch-04' }, source: 'ServiceNow' }, output: EXAMPLE },
    source: `POST /now/cmdb/instance/{class} ${SOURCE}`,
    repeat: { probe: 'Ask configurationItem.list for what identifies the item; the same again finds it and makes no second one.' },
  }),
  action({
    name: 'configurationItem.addRelations',
    title: 'Relate a configuration item',
    whenToUse: 'To say what an item depends on and what depends on it. configurationItem.relations tells what is there.',
    effect: 'changes',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ class: ofClass, sysId: input.sysId, source, outbound, inbound }),
    output: writtenItem,
    request: ({ class: name, sysId, source, outbound, inbound }) => {
      if (!outbound && !inbound) throw new Error('outbound, inbound, or both are needed')
      return instanceCall('POST', `${name}/${sysId}/relation`, { source, outbound_relations: outbound, inbound_relations: inbound })
    },
    perform: async (sender, call) => relatedItemFrom(sender, (await sender.send(call)).result),
    example: {
      input: { class: 'cmdb_ci_netgear', sysId: ITEM, source: 'ServiceNow', inbound: [{ target: OTHER, type: TYPE }] },
      output: EXAMPLE,
    },
    source: `POST /now/cmdb/instance/{class}/{sys_id}/relation ${SOURCE}`,
    repeat: { probe: 'Ask configurationItem.relations for the other item and the type.' },
  }),
  action({
    name: 'configurationItem.removeRelation',
    title: 'Remove a relation of a configuration item',
    whenToUse: 'To end one relation of an item; both items stay.',
    effect: 'deletes',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ class: ofClass, sysId: input.sysId, relation: input.sysId.describe('sys_id of the relation (cmdb_rel_ci).') }),
    output: deleted,
    request: ({ class: name, sysId, relation }) => ({
      ...instanceCall('DELETE', `${name}/${sysId}/relation/${relation}`),
      answer: 'nothing',
    }),
    perform: async (sender, call) => {
      await sender.send(call)
      return { deleted: true as const }
    },
    example: { input: { class: 'cmdb_ci_netgear', sysId: ITEM, relation: RELATION }, output: { deleted: true } },
    source: `DELETE /now/cmdb/instance/{class}/{sys_id}/relation/{rel_sys_id} ${SOURCE}`,
    repeat: { probe: 'Ask configurationItem.relations: what is not there is removed.' },
  }),
] as const
