import { type Static, Type } from 'typebox'
import { callsMade } from '../../callers/developers/calls.ts'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import { memberChangesPerDay } from '../../organisation/directory/figures-store.ts'
import { delayPerDay } from '../../organisation/sync/figures-store.ts'
import type { Core } from '../../platform/core.ts'
import { dayOf } from '../../platform/operation/day.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import { anyChannelList } from '../channels/channels.ts'
import { messagesPerDay } from '../messages/fate/fate-store.ts'

/** Each list has one value per day, oldest first and today last. */
export const figuresSchema = Type.Object({
  days: Type.Array(Type.String()),
  memberChanges: Type.Array(Type.Number()),
  calls: Type.Array(Type.Number()),
  failures: Type.Array(Type.Number()),
  messages: Type.Array(
    Type.Object({ channel: Type.String(), label: Type.String(), values: Type.Array(Type.Number()) }),
  ),
  /** Number of messages that did not reach everybody, or may not have. */
  troubled: Type.Array(Type.Number()),
  /** Average time until an event was applied, in seconds. */
  delays: Type.Array(Type.Number()),
  /** How long the oldest event that is not yet applied has waited; null when none waits. */
  waitingSeconds: Type.Union([Type.Number(), Type.Null()]),
})
export type Figures = Static<typeof figuresSchema>

const dayMs = 86_400_000

/** The figures of a corp's latest days, in Beijing time. */
export async function figuresOf(
  ctx: Core & { corps: Corps; developers: Developers },
  corpId: string,
  count: number,
  oldestPendingAt: Date | null,
  language: Language,
): Promise<Figures> {
  const now = ctx.now()
  const days = Array.from({ length: count }, (_, index) => dayOf(now - (count - 1 - index) * dayMs))
  const since = new Date(`${days[0]}T00:00:00+08:00`)
  const [calls, messages, changes, delays] = await Promise.all([
    callsMade(ctx, { corpId, days: count }, ['day']),
    messagesPerDay(ctx.db, corpId, count, now),
    memberChangesPerDay(ctx.db, corpId, since),
    delayPerDay(ctx.db, corpId, since),
  ])
  const perDay = <Row extends { day: string }>(rows: readonly Row[], value: (row: Row) => number) =>
    days.map(day => rows.filter(row => row.day === day).reduce((sum, row) => sum + value(row), 0))
  return {
    days,
    memberChanges: perDay(changes, row => row.changes),
    calls: perDay(calls, row => row.calls),
    failures: perDay(calls, row => row.failures),
    // What was sent before its feature was switched off is still told.
    messages: anyChannelList
      .filter(
        ([channel, { feature }]) =>
          !feature || isOn(ctx, corpId, feature) || messages.some(row => row.channel === channel),
      )
      .map(([channel, { label }]) => ({
        channel,
        label: wordsIn(language, label),
        values: perDay(
          messages.filter(row => row.channel === channel),
          row => row.messages,
        ),
      })),
    troubled: perDay(messages, row => row.troubled),
    delays: perDay(delays, row => Math.round(row.seconds * 100) / 100),
    waitingSeconds: oldestPendingAt ? Math.max(0, (now - oldestPendingAt.getTime()) / 1000) : null,
  }
}
