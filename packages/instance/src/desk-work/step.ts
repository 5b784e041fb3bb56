/** One thing that a person at the desk does. The page `/practice` and the guide show it; a test does it, and looks. */
export interface DeskStep {
  /** In words: *Take it*. */
  readonly does: string
  /** For a shell, in which the steps before it were done. */
  readonly command: string
  /** What has to be there first, or what follows. */
  readonly note?: string
  /**
   * What the record shows afterwards, as a person sees it, by field. A journal shows the text among others, `attachments` the name of a
   * file among others.
   */
  readonly shows?: Readonly<Record<string, string>>
  /** The record that is meant, where it is another than that of the kind. */
  readonly of?: { readonly table: string; readonly variable: string }
  /** Words that the command prints, among others. */
  readonly prints?: string
  /** The instance refuses it, with these words among others. */
  readonly refused?: string
}

/** What a desk does with one kind of ticket or task, from its beginning to its end. */
export interface DeskWork {
  /** As people call it: *Request for Information*. */
  readonly kind: string
  readonly table: string
  /** The shell variable that holds the record’s sys_id. */
  readonly variable: string
  readonly about: string
  readonly steps: readonly DeskStep[]
}

const RUN = 'npx deskbridge action run'

/** `npx deskbridge action run …` */
export const act = (action: string) => `${RUN} ${action}`

/** A comment, a work note and a file are added to every kind alike. */
export const words = (table: string, variable: string): DeskStep[] => [
  {
    does: 'Comment: the partner reads it',
    command: act(`journal.add --table ${table} --sys-id "$${variable}" --element comments --text 'We are looking at it.'`),
    shows: { comments: 'We are looking at it.' },
  },
  {
    does: 'Add a work note: the desk alone reads it',
    command: act(`journal.add --table ${table} --sys-id "$${variable}" --element work_notes --text 'Asked the second line.'`),
    shows: { work_notes: 'Asked the second line.' },
  },
  {
    does: 'Attach a file',
    command: `echo 'What we found' > found.txt\n${act(`attachment.upload --table ${table} --sys-id "$${variable}" --file found.txt`)}`,
    shows: { attachments: 'found.txt' },
  },
]

/** To give it to a group: names become sys_ids first. */
export const toGroup = (action: string, variable: string, group = 'Network'): DeskStep => ({
  does: 'Assign it to a group',
  command: `GROUP=$(id group.getByName --name '${group}')\n${act(`${action} --sys-id "$${variable}" --values assignment_group="$GROUP"`)}`,
  shows: { assignment_group: group },
})
