import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, text } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { dayIn, knownZone, usualZone } from '../../../platform/time-zone.ts'
import type { Setups } from '../../channels/channel.ts'
import { keepDaysOf } from '../../channels/settings-store.ts'
import { noType } from '../../message-types/change-type.ts'
import { findType } from '../../message-types/types-store.ts'
import { smsPriceOf } from '../../send-approval/budget/price.ts'
import type { SendApproval } from '../../send-approval/catalog.ts'
import { messageDays } from '../accept/message-day-store.ts'
import { nameOf, numberOf, startsOf } from './count-days.ts'
import { untyped } from './figure-facts-store.ts'
import {
  type CountScope,
  type Counts,
  countMessages,
  counts,
  keptDays,
  receiversOfDays,
} from './figures-store.ts'

export const periods = ['7', '30', '90'] as const

export const figuresInput = {
  key: text(
    {
      zh: '消息类型的 key；- 为没有指定类型的消息',
      en: 'Key of the message type; - for messages without a type',
    },
    { max: 64 },
  ),
  days: optionalChoice(
    { zh: '最近几天，含今天；默认 7', en: 'How many of the latest days, with today; 7 by default' },
    periods,
  ),
}

const count = (zh: string, en: string) => Type.Number({ about: { zh, en } })
const countShape = {
  accepted: count('已接受的消息', 'Messages that were accepted'),
  receivers: count('这些消息的接收人次', 'To how many people they were addressed, counted for each message'),
  waiting: count('还在等待的消息', 'Messages of which something waits'),
  left: count(
    '已交给渠道、渠道接受或可能接受的消息',
    'Messages that were handed to a channel which took them, or may have',
  ),
  reached: count(
    '渠道接受、且没有回报失败的消息',
    'Messages that a channel took and of which no failure was reported',
  ),
  failed: count('没有完全送达、或无法确认的消息', 'Messages that did not reach everybody, or may not have'),
  read: count('有人查看的消息', 'Messages that were read'),
  readers: count('查看的人次', 'By how many people they were read'),
  acknowledged: count('有人点“收到”的消息', 'Messages that were acknowledged'),
  acknowledgers: count('点“收到”的人次', 'By how many people they were acknowledged'),
  muted: count('因本人关闭而不发的消息', 'Messages that somebody did not get because they switched them off'),
  mutedPeople: count('因本人关闭而不发的人次', 'How many people did not get them because of that'),
  expired: count('过期而没有发出的消息', 'Messages that expired before they left'),
  cost: count('短信费用，单位分', 'What their SMS cost, in fen'),
} satisfies Record<keyof Counts, unknown>

export const figuresSchema = Type.Object({
  key: Type.String({ about: { zh: '消息类型的 key', en: 'Key of the message type' } }),
  to: Type.String({ about: { zh: '最后一天的结束', en: 'When the last day ends' } }),
  listedFrom: Type.String({
    about: {
      zh: '这一天以前的消息可能已到期删除，只有统计',
      en: 'Messages of the days before may be deleted by their age; their figures are kept',
    },
  }),
  total: Type.Object(countShape, { about: { zh: '这些天之和', en: 'The sum of these days' } }),
  days: Type.Array(
    Type.Object({
      day: Type.String({ about: { zh: '企业时区的日期', en: "The day, in the corp's zone" } }),
      from: Type.String({ about: { zh: '这一天的开始', en: 'When it begins' } }),
      countedAt: Type.String({
        about: { zh: '统计于；空为还没有统计', en: 'When it was counted; empty where it was not yet' },
      }),
      ...countShape,
    }),
    { about: { zh: '每天一项，今天在最后', en: 'One for each day, today last' } },
  ),
})
export type Figures = Static<typeof figuresSchema>

const zeros = Object.fromEntries(counts.map(name => [name, 0])) as Counts
const ones = Object.fromEntries(counts.map(name => [name, 1])) as Counts
export const sampleFigures: Figures = {
  key: 'leave-approved',
  to: '2026-12-01T16:00:00.000Z',
  listedFrom: '2026-06-05',
  total: { ...ones, cost: 0 },
  days: [
    {
      day: '2026-12-01',
      from: '2026-11-30T16:00:00.000Z',
      countedAt: '2026-12-01T02:00:00.000Z',
      ...ones,
      cost: 0,
    },
  ],
}

export type FigureNeeds = Core & {
  corps: Corps
  developers: Developers
  messageSettings: Setups
  sendApproval: SendApproval
}

/** The latest days of a corp with so many messages to so many receivers are counted from the messages, so that a figure is right at once. */
const countedAtOnce = { messages: 1000, receivers: 50_000 }

/** Throws 1000 for a type that does not exist. */
export async function figuresOf(
  ctx: FigureNeeds,
  corpId: string,
  { key, days, devId }: { key: string; days: number; devId?: string | undefined },
): Promise<Figures> {
  if (key !== untyped && !(await findType(ctx.db, corpId, key))) throw noType(key)
  const counted: CountScope = { corpId, type: key === untyped ? '' : key, devId }
  const now = ctx.now()
  const zone = knownZone(zoneOf(ctx, corpId))
  const end = dayIn(zone, now) + 1
  const first = end - days
  // Of earlier days, messages may be deleted already.
  const listed = end - (await keepDaysOf(ctx.db, corpId))
  const live = Math.max(listed, await firstLive(ctx, corpId, { zone, first, end }))
  const byDay = new Map<string, Counts & { countedAt: Date }>()
  const kept = await keptDays(ctx.db, counted, { from: nameOf(first), to: nameOf(end) })
  for (const { day, ...rest } of kept) byDay.set(day, rest)
  const rows =
    live < end ? await countMessages(ctx.db, corpId, startsOf(zone, live, end - live), counted) : []
  for (let day = live; day < end; day++) {
    const seen = { ...zeros, countedAt: new Date(now) }
    for (const { n, type: _type, devId: _devId, ...one } of rows) if (live + n === day) add(seen, one)
    // Of fewer than were counted, some are deleted by their age.
    if (seen.accepted >= (byDay.get(nameOf(day))?.accepted ?? 0)) byDay.set(nameOf(day), seen)
  }
  const total = { ...zeros }
  for (const one of byDay.values()) add(total, one)
  const starts = startsOf(zone, first, days)
  const names = Array.from({ length: days }, (_, n) => nameOf(first + n))
  return {
    key,
    to: starts.at(-1)!.toISOString(),
    listedFrom: nameOf(listed),
    total,
    days: names.map((day, n) => {
      const { countedAt, ...one } = byDay.get(day) ?? { ...zeros, countedAt: undefined }
      return { day, from: starts[n]!.toISOString(), countedAt: countedAt?.toISOString() ?? '', ...one }
    }),
  }
}

function add(sum: Counts, one: Counts): void {
  for (const name of counts) sum[name] += one[name]
}

/**
 * The first day that is counted at once: from it on, messages and receivers (each may have a mark) are few enough. The corp's messages are
 * known by day in Beijing, and a day in another zone overlaps two of these.
 */
async function firstLive(
  ctx: Core,
  corpId: string,
  { zone, first, end }: { zone: string; first: number; end: number },
): Promise<number> {
  const known = await messageDays(ctx.db, corpId, { days: end - first + 2, now: ctx.now() })
  const messages = new Map(known.map(one => [numberOf(one.day), one.messages]))
  const earlier = zone === usualZone ? 0 : 1
  let sum = messages.get(end) ?? 0
  for (let day = end - 1; day >= end - earlier; day--) sum += messages.get(day) ?? 0
  let live = end
  for (; live > first; live--) {
    sum += messages.get(live - 1 - earlier) ?? 0
    if (sum > countedAtOnce.messages) break
  }
  if (live === end) return end
  const receivers = await receiversOfDays(ctx.db, corpId, startsOf(zone, live, end - live))
  let persons = 0
  for (let day = end - 1; day >= live; day--) {
    persons += receivers.get(day - live) ?? 0
    if (persons > countedAtOnce.receivers) return day + 1
  }
  return live
}

/** Whether SMS have a price, without which they cost nothing here. */
export const hasPrice = (ctx: FigureNeeds, corpId: string) => smsPriceOf(ctx, corpId) > 0

/** Throws 1000 for one that the corp does not have. */
export function checkDeveloper(ctx: FigureNeeds, corpId: string, devId: string | undefined): void {
  if (devId !== undefined && ctx.developers.get(devId)?.corpId !== corpId)
    throw new ApiError('unknownDeveloper', told`${devId}`)
}
