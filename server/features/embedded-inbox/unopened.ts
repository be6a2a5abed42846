import type { Core } from '../../platform/core.ts'
import { createAwaited } from '../../platform/http/waiting/awaited.ts'
import { followArrivals } from '../messages/fate/results-store.ts'
import { countUnopenedOf } from '../messages/mine/my-messages.ts'
import type { InboxReader } from './reader.ts'

/** How many messages people have not opened, for inboxes that wait for another number: what waits costs no query. */
export type UnopenedCounts = {
  of(reader: InboxReader): number | Promise<number>
  /** As soon as it is not `known` any more, and what it is then after 45 s. */
  next(reader: InboxReader, known: number, over: AbortSignal): Promise<number>
  /** Makes the inboxes of this person count again on this node, before the signal of the change has come. */
  changed(reader: InboxReader): void
  /** Aborted when the node begins to stop. */
  stopping: AbortSignal
  stopWaiting(): void
}

/** Numbers are counted up to this. */
export const unopenedAtMost = 100

export async function createUnopened(ctx: Core): Promise<UnopenedCounts> {
  const numbers = createAwaited(ctx)
  const stop = new AbortController()
  /** Of each corp, whose inboxes were counted here: developers by their ids, and '' for inboxes of all messages. */
  const countedOf = new Map<string, Set<string>>()

  function keyOf({ corpId, person, devId = '' }: InboxReader): string {
    countedOf.getOrInsertComputed(corpId, () => new Set()).add(devId)
    return `${corpId} ${person.member.id} ${devId}`
  }
  function changedOf(corpId: string, memberIds: readonly (string | number)[]): void {
    for (const devId of countedOf.get(corpId) ?? [])
      for (const id of memberIds) numbers.changed(`${corpId} ${id} ${devId}`)
  }

  await followArrivals(
    ctx.bus,
    (corpId, memberIds) => {
      if (memberIds) changedOf(corpId, memberIds)
      else if (countedOf.has(corpId)) numbers.changedBelow(`${corpId} `)
    },
    numbers.changedForAll,
  )
  await ctx.bus.listen(
    'wisp_inbox',
    payload => {
      const [corpId = '', memberId = ''] = payload.split(' ')
      changedOf(corpId, [memberId])
    },
    numbers.changedForAll,
  )

  const counting =
    ({ corpId, person, devId }: InboxReader) =>
    () =>
      countUnopenedOf(ctx, { corpId, memberId: person.member.id }, devId, unopenedAtMost)
  return {
    of: reader => numbers.of(keyOf(reader), counting(reader)),
    next: (reader, known, over) => numbers.next(keyOf(reader), known, counting(reader), over),
    changed: ({ corpId, person }) => changedOf(corpId, [person.member.id]),
    stopping: stop.signal,
    stopWaiting() {
      stop.abort()
      numbers.stopWaiting()
    },
  }
}
