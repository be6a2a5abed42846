import type { Change } from '../../organisation/directory/feed-store.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { movesScope, seenChanges } from '../../organisation/directory/read/seen-changes.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { toWire } from '../../platform/http/wire.ts'
import { pushesById } from '../../platform/inbox/official-feed-store.ts'
import { statusOf } from '../messages/fate/status.ts'
import { findMessages } from '../messages/store.ts'
import { pushWire } from '../official/api/push-wire.ts'
import { billWire } from '../payments/api/bills-api.ts'
import { reachOf } from '../payments/bills/creator.ts'
import { findBill, transactionIdsOf } from '../payments/bills/store.ts'
import type { FeedRow } from './event-store.ts'
import { isWanted, scopeOf } from './types.ts'

type Needs = Core & { mirrors: Mirrors }

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
    row => isMeant(developer, row) && (row.change !== undefined || isWanted(types, row.type)),
  )
  if (meant.length === 0) return []
  return ctx.mirrors.during(developer.corpId, async () => {
    const data = new Map<number, Content>()
    for (const read of [changes, results, pushes, bills])
      for (const [seq, content] of await read(ctx, developer, meant)) data.set(seq, content)
    return meant.flatMap(row => {
      const content = data.get(row.seq)
      return content && isWanted(types, content.type) ? [toldOf(developer.corpId, row, content)] : []
    })
  })
}

/** `wire`: the fields of `data` beside `corpId` and `seq`, in wire form. */
type Content = { type: string; wire: string }
type Contents = Promise<(readonly [seq: number, content: Content])[]>

function isMeant({ devId, scopes, accounts }: Caller, row: FeedRow): boolean {
  const needed = scopeOf(row.type)
  if (needed && !scopes.has(needed)) return false
  if (row.change) return row.change.kind !== 'scope' || row.change.entityId === devId
  if (row.account) return accounts?.has(row.account) ?? true
  return row.devId === devId
}

function toldOf(corpId: string, { seq, at, entity }: FeedRow, { type, wire }: Content): DeveloperEvent {
  const data = `{"corpId":${toWire(JSON.stringify(corpId))},"seq":${seq},${wire}}`
  return { seq, type, entity, body: `{"type":"${type}","timestamp":"${at.toISOString()}","data":${data}}` }
}

/** Fields of an object in wire form, without its braces. */
function fieldsOf(value: object): string {
  return toWire(JSON.stringify(value)).slice(1, -1)
}

/** Tells whoever has lost track of the address book. */
export function resync(corpId: string, seq: number, at: Date, reason: 'scope' | 'expired'): DeveloperEvent {
  const row = { seq, at, entity: 'directory' } as FeedRow
  return toldOf(corpId, row, { type: 'directory.resync', wire: fieldsOf({ reason }) })
}

async function changes(ctx: Needs, developer: Caller, rows: readonly FeedRow[]): Contents {
  const own = rows.flatMap(row => row.change ?? [])
  const last = own.at(-1)
  if (!last) return []
  // Values must be at least as new as the changes that they are sent with.
  if (ctx.mirrors.of(developer.corpId).seq < last.seq) await ctx.mirrors.refresh(developer.corpId)
  const view = viewOf(ctx, developer)
  const isMoved = (change: Change) =>
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

/** The names of more receivers than this are left to the call that tells a message's status. */
const failedAtMost = 100

async function results(ctx: Needs, _developer: Caller, rows: readonly FeedRow[]): Contents {
  const own = rows.filter(row => row.type === 'message.result')
  const ids = [...new Set(own.map(row => String(row.data['msgId'])))]
  const messages = await findMessages(ctx.db, ids)
  const contents = new Map<string, Content>()
  for (const message of messages.values()) {
    const { attempts: _, failed, ...status } = await statusOf(ctx, message, 'zh')
    const value = { ...status, requestId: message.requestId ?? '', failed: failed.slice(0, failedAtMost) }
    contents.set(message.id, { type: 'message.result', wire: fieldsOf(value) })
  }
  return entriesOf(own, row => contents.get(String(row.data['msgId'])))
}

async function pushes(ctx: Needs, { corpId }: Caller, rows: readonly FeedRow[]): Contents {
  const own = rows.filter(row => row.type === 'official.event')
  const plain = await pushesById(
    ctx.db,
    corpId,
    own.map(row => Number(row.data['id'])),
  )
  return entriesOf(own, row => {
    const text = plain.get(Number(row.data['id']))
    return text === undefined
      ? undefined
      : { type: row.type, wire: fieldsOf(pushWire(Number(row.data['id']), text)) }
  })
}

async function bills(ctx: Needs, developer: Caller, rows: readonly FeedRow[]): Contents {
  const own = rows.filter(row => row.type.startsWith('bill.'))
  if (own.length === 0) return []
  const view = viewOf(ctx, developer)
  const reach = reachOf(view)
  const contents = new Map<number, string>()
  for (const id of new Set(own.map(row => Number(row.data['billId'])))) {
    const bill = await findBill(ctx.db, developer.corpId, { id }, reach)
    if (!bill) continue
    const transactions = await transactionIdsOf(ctx.db, [bill])
    contents.set(id, fieldsOf(billWire(view, bill, transactions.get(id) ?? '')))
  }
  return entriesOf(own, row => {
    const wire = contents.get(Number(row.data['billId']))
    return wire === undefined ? undefined : { type: row.type, wire }
  })
}

function entriesOf(
  rows: readonly FeedRow[],
  contentOf: (row: FeedRow) => Content | undefined,
): (readonly [number, Content])[] {
  return rows.flatMap(row => {
    const content = contentOf(row)
    return content ? [[row.seq, content] as const] : []
  })
}
