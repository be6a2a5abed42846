/** What `fromId` has to do is `toId`'s for a time. */
export type Delegation = { fromId: number; toId: number; startsAt: Date; endsAt: Date }

/**
 * Who has what is somebody's at the moment: whoever the delegations lead to, one after the other. `active` are those of this moment, by
 * whom they are from; one to somebody who may not act any more leads nowhere.
 */
export function holderOf(
  active: ReadonlyMap<number, number>,
  ownerId: number,
  mayHold: (id: number) => boolean,
): number {
  const seen = new Set([ownerId])
  let holder = ownerId
  for (;;) {
    const next = active.get(holder)
    if (next === undefined || seen.has(next) || !mayHold(next)) return holder
    seen.add(next)
    holder = next
  }
}

/** Whether somebody's to-dos would come back to them at any moment of a new delegation. */
export function makesCircle(known: readonly Delegation[], added: Delegation): boolean {
  const byFrom = Map.groupBy(known, one => one.fromId)
  const leadsBack = (at: number, startsAt: number, endsAt: number, depth: number): boolean => {
    if (at === added.fromId) return true
    // In a chain without a circle nobody is twice.
    if (depth > known.length) return false
    return (byFrom.get(at) ?? []).some(one => {
      const from = Math.max(startsAt, one.startsAt.getTime())
      const to = Math.min(endsAt, one.endsAt.getTime())
      return from < to && leadsBack(one.toId, from, to, depth + 1)
    })
  }
  return leadsBack(added.toId, added.startsAt.getTime(), added.endsAt.getTime(), 0)
}
