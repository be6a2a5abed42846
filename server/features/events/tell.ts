import type { FeedChange } from '../../organisation/directory/feed-store.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { movesScope, seenChanges } from '../../organisation/directory/read/seen-changes.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { fieldsOf, toWire } from '../../platform/http/wire.ts'
import type { EventContent, EventContents } from '../../platform/manifest/event-content.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { FeedRow } from './event-store.ts'
import { isWanted, scopeOf } from './types.ts'

type Needs = Core & { mirrors: Mirrors; offered: FeatureOffers }

/** An event as one developer is told it. `body` is JSON in wire form (http/wire.ts). */
export type DeveloperEvent = { seq: number; type: string; entity: string; body: string }

/**
 * What the developer may be told of these numbers, in order, with the data of now: what it does not see (any more) is left out.
 * `types`: as in `isWanted`.
 */
export async function tell(
  ctx: Needs,
  developer: Caller,
  rows: readonly FeedRow[],
  types: readonly string[] = [],
): Promise<DeveloperEvent[]> {
  const meant = rows.filter(
    row => isMeant(ctx.offered, developer, row) && (row.change !== undefined || isWanted(types, row.type)),
  )
  if (meant.length === 0) return []
  return ctx.mirrors.during(developer.corpId, async () => {
    const own = await changes(ctx, developer, meant)
    const data = new Map([...own, ...(await ctx.offered.readEvents(developer, meant))])
    return meant.flatMap(row => {
      const content = data.get(row.seq)
      return content && isWanted(types, content.type) ? [toldOf(developer.corpId, row, content)] : []
    })
  })
}

function isMeant(offered: FeatureOffers, { devId, scopes, accounts }: Caller, row: FeedRow): boolean {
  const needed = scopeOf(offered, row.type)
  if (needed && !scopes.has(needed)) return false
  if (row.change) return row.change.kind !== 'scope' || row.change.entityId === devId
  if (row.account) return accounts?.has(row.account) ?? true
  return row.devId === devId
}

function toldOf(corpId: string, { seq, at, entity }: FeedRow, { type, wire }: EventContent): DeveloperEvent {
  const data = `{"corpId":${toWire(JSON.stringify(corpId))},"seq":${seq},${wire}}`
  return { seq, type, entity, body: `{"type":"${type}","timestamp":"${at.toISOString()}","data":${data}}` }
}

/** Tells listeners that may have missed changes of the address book. */
export function resync(corpId: string, seq: number, at: Date, reason: 'scope' | 'expired'): DeveloperEvent {
  const row = { seq, at, entity: 'directory' } as FeedRow
  return toldOf(corpId, row, { type: 'directory.resync', wire: fieldsOf({ reason }) })
}

async function changes(ctx: Needs, developer: Caller, rows: readonly FeedRow[]): Promise<EventContents> {
  const own = rows.flatMap(row => row.change ?? [])
  const last = own.at(-1)
  if (!last) return []
  // Values must be at least as new as the changes that they are sent with.
  if (ctx.mirrors.of(developer.corpId).seq < last.seq) await ctx.mirrors.refresh(developer.corpId)
  const view = viewOf(ctx, developer)
  const isMoved = (change: FeedChange) =>
    change.kind === 'scope' || (developer.dataScope !== undefined && movesScope(view, change))
  const moved = own.filter(isMoved).map(({ seq }) => {
    const content = { type: 'directory.resync', wire: fieldsOf({ reason: 'scope' }) }
    return [seq, content] as const
  })
  const seen = await seenChanges(
    ctx,
    view,
    own.filter(change => !isMoved(change)),
  )
  return [
    ...moved,
    ...seen.map(
      ({ change, op, wire }) => [change.seq, { type: `directory.${change.kind}.${op}`, wire }] as const,
    ),
  ]
}
