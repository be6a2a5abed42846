import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { time } from '../../../platform/http/output.ts'
import type { Language } from '../../../platform/http/words.ts'
import {
  countEvents,
  type EventFilter,
  type EventOrder,
  eventStates,
  pageEvents,
} from '../../../platform/inbox/event-list-store.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import { type Replaying, replayFiltered } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** An agent of a corp, also one that was removed: what it heard is kept for a while. */
export type OfAgent = { corpId: string; agentId: number }

export const pushSchema = Type.Object({
  id: Type.Number(),
  /** A type of message, or the event in WeCom's own spelling. */
  kind: Type.String(),
  /** Whose act it was, in lower case; '' for nobody's. */
  userId: Type.String(),
  state: Type.Enum(eventStates),
  attempts: Type.Number(),
  /** Why it waits or was parked; '' when nothing is wrong. */
  error: Type.String(),
  receivedAt: time,
  doneAt: Type.Union([time, Type.Null()]),
})
export type PushRow = Static<typeof pushSchema>

const newestFirst: EventOrder = { by: 'id', descending: true }

/** The pushes to an agent that a filter matches, with errors in the reader's language. */
export async function pushesOf(
  db: Db,
  { corpId, agentId }: OfAgent,
  filter: EventFilter,
  language: Language,
  { order = newestFirst, ...page }: { order?: EventOrder; limit: number; offset: number },
): Promise<PushRow[]> {
  const within = { ...filter, account: String(agentId) }
  const rows = await pageEvents(db, corpId, 'agent', within, order, page)
  return rows.map(row => {
    const { id, changeType, entity, state, attempts, error, receivedAt, doneAt } = eventIn(language, row)
    const userId = entity.startsWith('user:') ? entity.slice('user:'.length) : ''
    return { ...{ id, userId, state, attempts, receivedAt, doneAt }, kind: changeType, error: error ?? '' }
  })
}

/**
 * Acts on pushes to an agent once more: developers are told again, under the same number. Nothing is answered or passed on again.
 */
export function pushReplay(ctx: Core, actor: string, { corpId, agentId }: OfAgent): Replaying {
  const key = String(agentId)
  return {
    ...{ stream: 'agent', corpId, actor, act: 'agent.replay' },
    within: { account: key },
    wake: tx => enqueue(tx, [{ corpId, stream: 'agent', key }], new Date(ctx.now())),
  }
}

/** All parked pushes to an agent once more; returns how many. Throws 1000 for too many. */
export async function replayParked(
  ctx: Core & { queue: Queue },
  actor: string,
  agent: OfAgent,
): Promise<number> {
  const filter = { state: 'parked', account: String(agent.agentId) } as const
  const { total, lastId } = await countEvents(ctx.db, agent.corpId, 'agent', filter)
  if (total === 0) return 0
  return replayFiltered(ctx, pushReplay(ctx, actor, agent), { ...filter, upTo: lastId }, total)
}
