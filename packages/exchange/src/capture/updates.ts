import { createHash } from 'node:crypto'
import {
  actionsThatHold,
  attributesOf,
  fieldText,
  HOLD_REASONS,
  journalText,
  type Kind,
  type Mapping,
  partnerFields,
  shownNumber,
  stateWord,
  type UpdateAction,
  type WatchedField,
  withZone,
} from '../mapping/index.ts'
import type { RecordedWrite } from '../recorded-writes/index.ts'
import type { TicketAttributes, UpdateMessage } from '../update-queue/index.ts'
import { type Owner, type Owning, ownerOf } from './owners.ts'
import type { Replayed } from './replay.ts'
import type { Save } from './saves.ts'
import type { FileRow, LiveRecord } from './sources.ts'

/** An update for one partner, and whether it tells the partner of a record for the first time. */
export interface Told {
  partnerId: string
  sysId: string
  message: UpdateMessage
  isNew: boolean
}

export interface Telling extends Owning {
  mapping: Mapping
  authors: ReadonlyMap<Save, RecordedWrite>
  /** What its own partner did while the database's memory of it is lost. */
  lost: ReadonlySet<Save>
  /** The ticket of a task, where it has one. */
  ticket: { number: string; kind: Kind } | undefined
  /** Whose the record was when a late row was written; undefined where its values say that. */
  ownerThen: (save: Save) => string | null | undefined
  /** Whether a partner may be shown a file: it came while the record was its own. */
  isShown: (partnerId: string, file: FileRow) => boolean
  /** Partners that were told of the record with a New among these saves. */
  told: Set<string>
  /** The fields of the record that ServiceNow declares as HTML. */
  html: ReadonlySet<string>
  /** Files that were captured before these saves. */
  earlierFiles: readonly FileRow[]
}

/** Turns the saves of one record into the updates that the agreements allow, in order. */
export function updatesOf(live: LiveRecord, steps: readonly Replayed[], telling: Telling): Told[] {
  const files = [...telling.earlierFiles]
  const told: Told[] = []
  for (const step of steps) {
    if (step.save.file) files.push(step.save.file)
    told.push(...updatesOfSave(live, step, telling, files))
  }
  return told
}

function updatesOfSave(live: LiveRecord, step: Replayed, telling: Telling, files: readonly FileRow[]): Told[] {
  const { kind } = live
  const { save, before, after } = step
  const own = save.recordSysId === live.sysId
  const then = telling.ownerThen(save)
  const agreement = then === undefined ? undefined : telling.agreements.find(({ partnerId }) => partnerId === then)
  const thenOwner: Owner | undefined = agreement && { ...agreement, filed: false }
  const from = then === undefined ? (save.creation && own ? undefined : ownerOf(telling, kind, before)) : thenOwner
  const to = then === undefined ? ownerOf(telling, kind, after) : thenOwner
  const speak = (owner: Owner, action: UpdateAction, attributes: TicketAttributes): Told => ({
    partnerId: owner.partnerId,
    sysId: live.sysId,
    isNew: action === 'New',
    message: message(live, step, telling, owner, action, attributes),
  })
  const moved = from?.partnerId !== to?.partnerId
  const told: Told[] = []
  if (from && moved && !from.filed && kind.isTask && before.active !== 'false')
    told.push(speak(from, 'Canceled', { state: stateOf(live, after) }))
  if (!to || telling.authors.get(save)?.partnerId === to.partnerId || telling.lost.has(save)) return told
  const known =
    to.filed || telling.told.has(to.partnerId) || telling.bonds.some(bond => bond.partnerId === to.partnerId && bond.sysId === live.sysId)
  const reopened = kind.isTask && before.active === 'false' && after.active === 'true'
  // Nobody hears of a record for the first time in the middle of its story.
  if ((moved && !to.filed) || reopened || !known) {
    if (after.active === 'false') return told
    telling.told.add(to.partnerId)
    const shown = files.filter(file => telling.isShown(to.partnerId, file))
    told.push(speak(to, 'New', newAttributes(live, step, telling, shown)))
    return told
  }
  if (save.creation && own && telling.authors.get(save) === undefined && to.filed) {
    // The author's own filing, seen before its write was written down as done.
    return told
  }
  return [...told, ...changesFor(live, step, to, telling.html).map(({ action, attributes }) => speak(to, action, attributes))]
}

interface Change {
  action: UpdateAction
  attributes: TicketAttributes
}

/** What one save means for the one whose record it is. A state action carries the comment of the same save. */
function changesFor(live: LiveRecord, { save, before, after }: Replayed, { terms }: Owner, html: ReadonlySet<string>): Change[] {
  const { kind } = live
  const actions = actionsTold(kind, before, after)
  const state = stateOf(live, after)
  const comments = saidIn(save, 'comments')
  const worknotes = kind.isTask ? saidIn(save, 'work_notes') : undefined
  const said = comments === undefined ? {} : { comments }
  const changes: Change[] = actions.map((action, place) => ({
    action,
    // Where one save means two actions each says its own state.
    attributes: { state: actions.length > 1 ? action : state, ...reasonFor(live, action, after, html), ...(place === 0 ? said : {}) },
  }))
  if (!kind.isTask) {
    const details = changedDetails(live, save, after, terms.watched, html)
    if (Object.keys(details).length) changes.push({ action: 'Details Changed', attributes: details })
  }
  if (comments !== undefined && !actions.length) changes.push({ action: 'Comment', attributes: { state, comments } })
  if (worknotes !== undefined) changes.push({ action: 'Worknote', attributes: { state, worknotes } })
  if (save.file) changes.push({ action: 'Attachment', attributes: { state, attachments: [fileAttributes(save.file)] } })
  return changes
}

/** The actions that became true; a hold whose reason changed is told again, and its end is told also where nothing else begins. */
function actionsTold(kind: Kind, before: Record<string, string>, after: Record<string, string>): UpdateAction[] {
  const held = actionsThatHold(kind, before)
  const holds = actionsThatHold(kind, after)
  const actions = holds.filter(action => !held.includes(action))
  if (kind.isTask || actions.length) return actions
  const stays = held.includes('On Hold') && holds.includes('On Hold')
  if (stays && ['hold_reason', 'on_hold_reason'].some(field => (before[field] ?? '') !== (after[field] ?? ''))) return ['On Hold']
  return held.includes('On Hold') && !holds.length ? ['In Progress'] : []
}

function saidIn(save: Save, element: 'comments' | 'work_notes'): string | undefined {
  const texts = save.journals.filter(entry => entry.element === element).map(entry => journalText(entry.text))
  return texts.length ? texts.join('\n') : undefined
}

/** Tasks are called by the instance's own states, tickets by the partner's words. */
function stateOf({ kind, values, shown }: LiveRecord, after: Record<string, string>): string {
  if (!kind.isTask) return stateWord(kind, after)
  return (after.state === values.state ? shown.state : kind.stateNames?.[after.state ?? '']) ?? after.state ?? ''
}

function reasonFor(
  { kind, values, shown }: LiveRecord,
  action: UpdateAction,
  after: Record<string, string>,
  html: ReadonlySet<string>,
): TicketAttributes {
  const carried = attributesOf(action, kind.isTask ? 'provider' : 'customer')
  if (carried.includes('on_hold_reason')) {
    const { hold_reason = '', on_hold_reason = '' } = after
    const reason = HOLD_REASONS[hold_reason] ?? (hold_reason && hold_reason === values.hold_reason ? shown.hold_reason : on_hold_reason)
    return reason ? { on_hold_reason: reason } : {}
  }
  if (!carried.includes('resolution_notes')) return {}
  const { close_code = '', close_notes = '' } = after
  const code = close_code && close_code === values.close_code ? shown.close_code : close_code
  return {
    ...(code ? { resolution_code: code } : {}),
    ...(close_notes ? { resolution_notes: fieldText(close_notes, html.has('close_notes')) } : {}),
  }
}

/**
 * The watched fields that this save changed, in the partner's words. A reference that was changed again meanwhile is told with
 * the later save only: how the earlier one reads is not known any more.
 */
function changedDetails(
  live: LiveRecord,
  save: Save,
  after: Record<string, string>,
  watched: readonly WatchedField[],
  html: ReadonlySet<string>,
): TicketAttributes {
  const { kind, values, shown } = live
  const now = partnerFields(kind, after, shown, html)
  const details: Partial<Record<WatchedField, string>> = {}
  for (const name of watched) {
    const field = kind.fields[name]
    if (!field || !save.changes.has(field) || save.recordSysId !== live.sysId) continue
    const isReference = ['service', 'ci', 'contact', 'user'].includes(name)
    if (isReference && after[field] !== values[field]) continue
    details[name] = isReference && !after[field] ? '' : (now[name] ?? '')
  }
  return details as TicketAttributes
}

const fileAttributes = (file: FileRow) => ({
  attachment_id: file.sys_id,
  name: file.file_name,
  content_type: file.content_type,
  size: Number(file.size_bytes),
})

function newAttributes(
  live: LiveRecord,
  { save, after }: Replayed,
  { mapping, ticket, html }: Telling,
  files: readonly FileRow[],
): TicketAttributes {
  const { kind, shown } = live
  const comments = saidIn(save, 'comments')
  const worknotes = kind.isTask ? saidIn(save, 'work_notes') : undefined
  return {
    state: stateOf(live, after),
    ...(partnerFields(kind, after, shown, html) as TicketAttributes),
    ...(comments === undefined ? {} : { comments }),
    ...(worknotes === undefined ? {} : { worknotes }),
    ...(kind.isTask && shown.assignment_group ? { assignment_group: shown.assignment_group } : {}),
    ...(ticket
      ? {
          parent_kpn_ticket_number: shownNumber(ticket.number, mapping.numberLook),
          parent_ticket_type: ticket.kind.word as TicketAttributes['parent_ticket_type'],
        }
      : {}),
    ...(files.length ? { attachments: files.map(fileAttributes) } : {}),
  }
}

function message(
  live: LiveRecord,
  { save }: Replayed,
  telling: Telling,
  owner: Owner,
  action: UpdateAction,
  attributes: TicketAttributes,
): UpdateMessage {
  const { kind, sysId, values } = live
  const bond = telling.bonds.find(
    candidate =>
      candidate.partnerId === owner.partnerId &&
      (candidate.sysId === sysId || (owner.filed && candidate.correlationId === values.correlation_id)),
  )
  const reference = bond?.reference ?? (owner.filed ? values.correlation_display : undefined)
  return {
    transaction_id: transactionId(telling.environment, owner.partnerId, save, action),
    message_datetime_utc: withZone(save.at),
    ticket_type: (bond && !kind.isTask ? bond.word : kind.word) as UpdateMessage['ticket_type'],
    action,
    kpn_ticket_number: shownNumber(values.number!, telling.mapping.numberLook),
    ...(reference ? { customer_reference_number: reference } : {}),
    ticket_attributes: attributes,
  }
}

/** The same for ever for the same happening: a UUID (RFC 9562, version 8) from what it is made of. */
function transactionId(environment: string, partnerId: string, save: Save, action: string): string {
  const hex = createHash('sha256').update([environment, partnerId, save.recordSysId, save.sourceIds[0], action].join('\0')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
