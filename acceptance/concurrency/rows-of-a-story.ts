import type { PlayedOn } from '../faults/socket-system.ts'
import type { Update } from '../system/update.ts'
import { asLine, PARTIES, type Party, type Story } from './told-history.ts'

/** What was done on one ticket, the rows that it left behind, and what was told of it: for whoever asks what went wrong. */
export async function rowsOf(
  { instance, rows }: PlayedOn,
  story: Story,
  queues: Readonly<Record<Party, readonly Update[]>>,
): Promise<string> {
  const { desk } = instance
  const { sys_id } = story.record
  const audits = (await desk.find('sys_audit', `documentkey=${sys_id}`)).map(({ fields }) => fields)
  const entries = (await desk.find('sys_journal_field', `element_id=${sys_id}`)).map(({ fields }) => fields)
  const files = await desk.filesOf(story.record)
  const handovers = await rows('select at, entries, from_partner, to_partner from exchange.handover where sys_id = $1 order by place', [
    sys_id,
  ])
  const sources = await rows(
    'select source_id, captured_at, write_id from exchange.captured_source where record_sys_id = $1 order by captured_at',
    [sys_id],
  )
  const [captured] = await rows('select mod_count, updated_on from exchange.captured_record where sys_id = $1', [sys_id])
  const due = await rows('select noticed_at, trouble, cause, tries, again_at from exchange.capture_due where sys_id = $1', [sys_id])
  const at = (id: string) => sources.find(one => String(one.source_id).startsWith(id))?.captured_at
  const section = (title: string, lines: readonly string[]) => `  ${title}\n${lines.map(line => `    ${line}`).join('\n')}`
  const time = (moment: unknown) => (moment instanceof Date ? moment.toISOString().slice(11, 23) : 'never')
  return [
    `== ${story.name} ${story.number} ${sys_id}`,
    section(
      'done',
      story.happenings.map(({ at, did, by, owner, told }) => `${at} ${by}: ${did} [${owner ?? 'nobody'}] → ${told.join(' | ')}`),
    ),
    section(
      'sys_audit',
      audits
        .sort((a, b) => Number(a.record_checkpoint) - Number(b.record_checkpoint))
        .map(
          row =>
            `${row.record_checkpoint} ${row.sys_created_on} ${row.user} ${row.fieldname}: ${row.oldvalue} → ${row.newvalue} (captured ${time(at(row.sys_id!))})`,
        ),
    ),
    section(
      'sys_journal_field',
      entries.map(
        row =>
          `${row.sys_created_on} ${row.sys_created_by} ${row.element}: ${row.value} (${row.sys_id}, captured ${time(at(row.sys_id!))})`,
      ),
    ),
    section(
      'sys_attachment',
      files.map(row => `${row.sys_created_on} ${row.sys_created_by} ${row.file_name} (captured ${time(at(row.sys_id!))})`),
    ),
    section(
      'handovers',
      handovers.map(row => JSON.stringify(row)),
    ),
    section('captured', [JSON.stringify(captured ?? 'never'), ...due.map(row => `due ${JSON.stringify(row)}`)]),
    ...PARTIES.map(customer =>
      section(
        `told to ${customer}`,
        queues[customer]
          .filter(update => update.kpn_ticket_number === story.number)
          .map(
            update =>
              `${update.message_datetime_utc} ${asLine(update)} ${(update.ticket_attributes.attachments ?? []).map((file: { name: string }) => file.name).join(' ')}`,
          ),
      ),
    ),
  ].join('\n')
}
