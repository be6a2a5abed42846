import type { Core } from '../../platform/core.ts'
import { createAwaited, type PolledNumbers } from '../../platform/http/waiting/awaited.ts'
import { signal } from '../../platform/storage/bus.ts'
import { followArrivals } from '../messages/fate/results-store.ts'
import { countUnopenedOf } from '../messages/mine/my-messages.ts'
import type { InboxReader } from './reader.ts'

/** How many messages people have not opened, for inboxes that wait for another number: what waits costs no query. */
export type UnopenedCounts = {
  of(reader: InboxReader): number | Promise<number>
  /** As soon as it is not `known` any more, and what it is then after 45 s. */
  next(reader: InboxReader, known: number, over: AbortSignal): Promise<number>
  /** Makes the inboxes of this person count again, on all nodes. */
  changed(reader: InboxReader): Promise<void>
  /** Aborted when the node begins to stop. */
  stopping: AbortSignal
  stopWaiting(): void
}

/** Numbers are counted up to this. */
export const unopenedAtMost = 100

export async function createUnopened(ctx: Core): Promise<UnopenedCounts> {
  /** By developer, of what it sent; '' has those of all messages. */
  const byDeveloper = new Map<string, PolledNumbers>()
  const stop = new AbortController()
  const all = () => [...byDeveloper.values()]

  function numbersOf(devId = ''): PolledNumbers {
    const known = byDeveloper.get(devId) ?? createAwaited(ctx)
    byDeveloper.set(devId, known)
    return known
  }

  await followArrivals(
    ctx.bus,
    (corpId, memberIds) => {
      for (const numbers of all())
        if (memberIds) for (const id of memberIds) numbers.changed(`${corpId} ${id}`)
        else numbers.changedBelow(`${corpId} `)
    },
    () => {
      for (const numbers of all()) numbers.changedForAll()
    },
  )
  await ctx.bus.listen(
    'wisp_inbox',
    key => {
      for (const numbers of all()) numbers.changed(key)
    },
    () => undefined,
  )

  const keyOf = ({ corpId, person }: InboxReader) => `${corpId} ${person.member.id}`
  const counting =
    ({ corpId, person, devId }: InboxReader) =>
    () =>
      countUnopenedOf(ctx, { corpId, memberId: person.member.id }, devId, unopenedAtMost)
  return {
    of: reader => numbersOf(reader.devId).of(keyOf(reader), counting(reader)),
    next: (reader, known, over) => numbersOf(reader.devId).next(keyOf(reader), known, counting(reader), over),
    async changed(reader) {
      // This node's own caller sees the new number at once.
      for (const numbers of all()) numbers.changed(keyOf(reader))
      await signal(ctx.db, 'wisp_inbox', keyOf(reader))
    },
    stopping: stop.signal,
    stopWaiting() {
      stop.abort()
      for (const numbers of all()) numbers.stopWaiting()
    },
  }
}
