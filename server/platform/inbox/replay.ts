import type { Act } from '../audit/acts.ts'
import { record } from '../audit/audit.ts'
import type { Core } from '../core.ts'
import { formatCount } from '../format.ts'
import { ApiError } from '../http/errors.ts'
import { own, told } from '../http/told.ts'
import type { Queue } from '../queue/queue.ts'
import type { Db } from '../storage/db.ts'
import { type EventFilter, reopenEvents } from './event-list-store.ts'
import type { InboxStream } from './event-store.ts'

type Needs = Core & { queue: Queue }

/** Which events are replayed, who does it, and how their processing is enqueued in the same transaction. */
export type EventReplay = {
  stream: InboxStream
  corpId: string
  actor: string
  /** The name of the act in the audit log. */
  act: Act
  /** What every replay is limited to. */
  within?: Pick<EventFilter, 'account'>
  wake(tx: Db): Promise<void>
}

const replayedAtMost = 20_000

/** Reopens the events from one number to another and returns how many. Throws 1000 when there is none. */
export function replayRange(ctx: Needs, what: EventReplay, from: number, to: number): Promise<number> {
  return reopen(ctx, what, { fromId: from, upTo: to }, `${from}-${to}`, opened => {
    if (opened === 0)
      throw new ApiError('badParameter', {
        zh: told`没有编号 ${from} 到 ${to} 的事件`,
        en: told`there is no event from ${from} to ${to}`,
      })
  })
}

/** Throws 1001 without events, 1000 when one of them does not exist. */
export async function replayChosen(ctx: Needs, what: EventReplay, ids: number[]): Promise<number> {
  if (ids.length === 0) throw new ApiError('missingParameter', 'ids')
  const target = ids.length === 1 ? String(ids[0]) : `${ids.length} 个事件`
  return reopen(ctx, what, { ids }, target, opened => checkCount(opened, ids.length))
}

/**
 * Replays everything that a filter matches: exactly as many events as the administrator was shown, up to the newest of
 * them. Throws 1000 when it would be other events, or too many.
 */
export async function replayFiltered(
  ctx: Needs,
  what: EventReplay,
  filter: EventFilter & { upTo: number },
  expected: number,
): Promise<number> {
  if (expected > replayedAtMost)
    throw new ApiError('badParameter', {
      zh: `一次最多重放 ${replayedAtMost} 个事件，请缩小筛选范围`,
      en: `at most ${replayedAtMost} events can be replayed at once: narrow the filter`,
    })
  return reopen(ctx, what, filter, `至 ${filter.upTo}`, opened => checkCount(opened, expected))
}

function checkCount(opened: number, expected: number): void {
  if (opened !== expected)
    throw new ApiError('badParameter', {
      zh: told`符合条件的事件现在有 ${own(formatCount(opened))} 个，不是 ${own(formatCount(expected))} 个，请刷新后重新确认；没有重放`,
      en: told`the filter now finds ${own(formatCount(opened))} events, not ${own(formatCount(expected))}, so none was replayed: reload and confirm again`,
    })
}

/** The audit log gets only the names of the filter's fields, because the search text may be somebody's mobile number. */
async function reopen(
  ctx: Needs,
  what: EventReplay,
  filter: EventFilter,
  target: string,
  check: (opened: number) => void,
): Promise<number> {
  const { stream, corpId, actor, act, within } = what
  const fields = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const count = await ctx.db.transaction().execute(async tx => {
    const opened = await reopenEvents(tx, corpId, stream, { ...filter, ...within }, new Date(ctx.now()))
    check(opened)
    await record(tx, ctx, { corpId, actor, act, target, detail: { ...within, opened, fields } })
    await what.wake(tx)
    return opened
  })
  ctx.queue.kick(corpId)
  return count
}
