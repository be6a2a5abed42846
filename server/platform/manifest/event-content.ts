import type { Caller } from '../http/caller.ts'

/** A number of the feed that is no change of the address book. `data` is what its feature needs to find the content. */
export type NumberedEvent = { seq: number; type: string; data: Record<string, unknown> }

/** `wire`: the fields of `data` beside `corpId` and `seq`, in wire form, without braces. */
export type EventContent = { type: string; wire: string }

export type EventContents = readonly (readonly [seq: number, content: EventContent])[]

/**
 * Reads the events of some types as the caller may be told them, with the data of now. What the caller does not see (any more)
 * is left out.
 */
export type EventReader<C> = (
  ctx: C,
  caller: Caller,
  rows: readonly NumberedEvent[],
) => Promise<EventContents>

export function entriesOf(
  rows: readonly NumberedEvent[],
  contentOf: (row: NumberedEvent) => EventContent | undefined,
): EventContents {
  return rows.flatMap(row => {
    const content = contentOf(row)
    return content ? [[row.seq, content] as const] : []
  })
}
