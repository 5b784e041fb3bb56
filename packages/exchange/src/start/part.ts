import type { Opened } from './opened.ts'
import type { Progress } from './progress.ts'

type Name = keyof Opened

/** One part of the running exchange: what it needs of the parts before it, how it is opened, and how it is closed. */
export interface StartPart {
  readonly name: Name
  readonly needs: readonly Name[]
  /** What is under way while it opens, for a person who waits; undefined where it is not worth a word. */
  says(opened: Opened): string | undefined
  open(opened: Opened): unknown
  close(own: unknown, opened: Opened): unknown
}

/** A row of the order. It is given what it needs and nothing else. `close` is called once, after all that was opened later is closed. */
export function startPart<Own extends Name, const Needs extends readonly Name[]>(
  name: Own,
  needs: Needs,
  {
    says = () => undefined,
    open,
    close = () => {},
  }: {
    says?(given: Pick<Opened, Needs[number]>): string | undefined
    open(given: Pick<Opened, Needs[number]>): Opened[Own] | Promise<Opened[Own]>
    close?(own: Opened[Own], given: Pick<Opened, Needs[number]>): void | Promise<void>
  },
): StartPart {
  const given = (opened: Opened) => Object.fromEntries(needs.map(need => [need, opened[need]])) as unknown as Pick<Opened, Needs[number]>
  return {
    name,
    needs,
    says: opened => says(given(opened)),
    open: opened => open(given(opened)),
    close: (own, opened) => close(own as Opened[Own], given(opened)),
  }
}

/** What was opened, and how all of it is closed again, the last one first, whatever fails on the way. A second call of `close` does nothing. */
export interface OpenedParts {
  opened: Opened
  close(): Promise<void>
}

/**
 * Opens the parts in their order. Where one fails, those before it are closed again, the last one first, before its error is thrown.
 * @throws Error for a part that needs one which is not opened before it
 */
export async function openParts(
  parts: readonly StartPart[],
  settings: Opened['settings'],
  progress?: Pick<Progress, 'begin'>,
): Promise<OpenedParts> {
  const opened: Partial<Record<Name, unknown>> = { settings }
  const open: StartPart[] = []
  const all = opened as Opened
  const close = async () => {
    const failures: unknown[] = []
    for (const one of open.splice(0).reverse())
      try {
        await one.close(opened[one.name], all)
      } catch (error) {
        failures.push(new Error(`The part ${one.name} was not closed: ${error}`, { cause: error }))
      }
    if (failures.length > 1) throw new AggregateError(failures, `Not closed in order: ${failures.join('; ')}`)
    if (failures.length) throw failures[0]
  }
  try {
    for (const one of parts) {
      const missing = one.needs.find(need => !(need in opened))
      if (missing) throw new Error(`The part ${one.name} needs ${missing}, which is opened later: see start/order.ts`)
      progress?.begin(one.says(all))
      opened[one.name] = await one.open(all)
      open.push(one)
    }
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
  return { opened: all, close }
}
