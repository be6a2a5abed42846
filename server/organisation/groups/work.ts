import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { enqueue, enqueueEach, holdLease } from '../../platform/queue/queue-store.ts'
import { spreadOver } from '../../platform/queue/spread.ts'
import { zoneOf } from '../corps/corps.ts'
import { feedRange, lockFeed, readChanges } from '../directory/feed-store.ts'
import type { Mirror } from '../directory/mirror/mirror.ts'
import * as store from './group-store.ts'
import { dayIn } from './match.ts'
import { factsAfter, lockVersions, membershipsBetween } from './membership-store.ts'
import { decidersOf, EditedMeanwhile, groundOf, type SettleNeeds, settleMembers } from './settle.ts'
import { rulesOf, tagsNamed, touchedBy } from './touched.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'member-groups': true
  }
}

export type GroupWorkNeeds = SettleNeeds & { queue: Queue; offered: FeatureOffers }

export const groupStream = 'member-groups'

const tasksAtOnce = 2
const changesAtOnce = 1000
const membersAtOnce = 1000

/** Keeps groups true to the address book; the queue gives a corp to one node at a time. */
export function handleGroups(ctx: GroupWorkNeeds): void {
  ctx.queue.handle({
    name: groupStream,
    atOnce: tasksAtOnce,
    isBackground: true,
    async work(held) {
      if (!ctx.corps.find(held.corpId)) return undefined
      return ctx.mirrors.during(held.corpId, () => settleCorp(ctx, held))
    },
  })
}

/** Enqueues what is to be done at once: after a group was edited. */
export async function settleSoon(tx: Parameters<typeof enqueue>[0], corpId: string, at: Date): Promise<void> {
  await enqueue(tx, [{ corpId, stream: groupStream }], at)
}

/** Every quarter of an hour, since zones differ by quarters: begins the corp's day, and follows what older nodes wrote. */
export function scheduleGroups(ctx: GroupWorkNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule(groupStream, '*/15 * * * *', () => lookAtDays(ctx))
  ctx.jobs.atStart(groupStream, () => lookAtDays(ctx))
}

export async function lookAtDays(ctx: GroupWorkNeeds): Promise<void> {
  const due: string[] = []
  for (const { corpId, day, isBehind, hasDates } of await store.corpsToLookAt(ctx.db)) {
    const today = dayIn(new Date(ctx.now()), zoneOf(ctx, corpId))
    const isOther = hasDates && day !== today
    if (isOther) await ctx.db.transaction().execute(tx => store.beginDay(tx, corpId, today))
    if (isOther || isBehind) due.push(corpId)
  }
  const tasks = spreadOver(due, ctx.now(), { eachMs: 2000, atMostMs: 600_000 })
  if (tasks.length > 0)
    await enqueueEach(
      ctx.db,
      tasks.map(({ name, dueAt }) => ({ corpId: name, stream: groupStream, key: '', dueAt })),
    )
}

/** Works off the changes of the address book, then the rules that have to be worked through, a page at a time. */
export async function settleCorp(ctx: GroupWorkNeeds, held: ActiveTask): Promise<undefined> {
  const { corpId, lease, signal } = held
  for (let isMore = true; isMore && !signal.aborted; ) {
    const groups = await store.groupsOf(ctx.db, corpId)
    if (groups.length === 0) return undefined
    try {
      isMore = (await followChanges(ctx, held, groups)) || (await scanPage(ctx, held, groups))
    } catch (error) {
      if (!(error instanceof EditedMeanwhile)) throw error
    }
  }
  if (!(await store.hasUntold(ctx.db, corpId))) return undefined
  await ctx.db.transaction().execute(async tx => {
    // Who is told of a data scope gets a number of the feed, which is locked before groups by all who lock both.
    await lockFeed(tx, corpId)
    const untold = await store.takeUntold(tx, corpId)
    await holdLease(tx, lease)
    // Last, as other transactions that tell developers wait for its commit.
    await ctx.offered.groupsChanged(tx, corpId, untold, new Date(ctx.now()))
  })
  return undefined
}

/** Returns whether anything may be left to follow. */
async function followChanges(
  ctx: GroupWorkNeeds,
  { corpId, lease }: ActiveTask,
  groups: readonly store.GroupRow[],
): Promise<boolean> {
  const since = (await store.seenOf(ctx.db, corpId))?.seq
  const { first, seq: last } = await feedRange(ctx.db, corpId)
  const rules = rulesOf(groups)
  if (since === undefined || since < first - 1 || since > last) {
    // Changes are missing, as after a restored backup: everything is looked at again.
    const mirror = await mirrorAt(ctx, corpId, last)
    const { tags } = touchedBy(mirror, [], rules, new Map())
    await ctx.db.transaction().execute(async tx => {
      const ids = groups.map(one => one.id)
      await lockVersions(tx, corpId, ids)
      await store.scanAgain(tx, corpId, ids)
      await store.putSeenTags(tx, corpId, tags)
      await store.putSeen(tx, corpId, { seq: last })
      await holdLease(tx, lease)
    })
    return true
  }
  const changes = await readChanges(ctx.db, corpId, since, changesAtOnce)
  const seq = changes.at(-1)?.seq ?? since
  const tagIds = changes.flatMap(one => (one.kind === 'tag' ? Number(one.entityId) : []))
  const seen = await store.seenTags(ctx.db, corpId, tagIds)
  const isTagNew = tagsNamed(rules).some(id => !seen.has(id))
  if (changes.length === 0 && !isTagNew) return false
  const mirror = await mirrorAt(ctx, corpId, seq)
  const { memberIds, anew, tags } = touchedBy(mirror, changes, rules, seen)
  const deciders = decidersOf(groups, groundOf(ctx, mirror))
  const pages = pagesOf([...memberIds], membersAtOnce)
  for (const ids of pages.slice(0, -1)) await settleMembers(ctx, corpId, deciders, { ids }, { lease })
  await settleMembers(
    ctx,
    corpId,
    deciders,
    { ids: pages.at(-1) ?? [] },
    {
      lease,
      locked: [...anew],
      async also(tx) {
        await store.scanAgain(tx, corpId, [...anew])
        await store.putSeenTags(tx, corpId, tags)
        await store.dropSeenTags(tx, corpId, tagsNamed(rules))
        await store.putSeen(tx, corpId, { seq })
      },
    },
  )
  return changes.length === changesAtOnce
}

function pagesOf(ids: readonly number[], size: number): number[][] {
  const pages: number[][] = []
  for (let n = 0; n < ids.length; n += size) pages.push(ids.slice(n, n + size))
  return pages
}

/** The address book in memory, at least as it was at this number. */
async function mirrorAt(ctx: SettleNeeds, corpId: string, seq: number): Promise<Mirror> {
  if (seq > ctx.mirrors.of(corpId).seq) await ctx.mirrors.refresh(corpId)
  return ctx.mirrors.of(corpId)
}

/** Looks at the next page of members for the groups that are furthest behind. Returns whether there was one. */
async function scanPage(
  ctx: GroupWorkNeeds,
  { corpId, lease }: ActiveTask,
  groups: readonly store.GroupRow[],
): Promise<boolean> {
  const places = groups.flatMap(one => one.scanAfter ?? [])
  if (places.length === 0) return false
  const from = Math.min(...places)
  const behind = groups.filter(one => one.scanAfter === from)
  const facts = await factsAfter(ctx.db, corpId, from, membersAtOnce)
  const isEnd = facts.length < membersAtOnce
  const last = isEnd ? Number.MAX_SAFE_INTEGER : (facts.at(-1)?.id ?? from)
  // With those whose leaving no change tells of, as after two rows of one person were joined.
  const rows = await membershipsBetween(ctx.db, corpId, from, last)
  const ids = [...new Set([...facts, ...rows.map(one => ({ id: one.memberId }))].map(one => one.id))]
  const deciders = decidersOf(behind, groundOf(ctx, ctx.mirrors.of(corpId)))
  await settleMembers(
    ctx,
    corpId,
    deciders,
    { ids, facts, rows },
    {
      lease,
      locked: behind.map(one => one.id),
      async also(tx) {
        const after = isEnd ? null : last
        const scanned = behind.map(one => one.id)
        await store.putScanned(tx, corpId, scanned, { from, after, looked: facts.length })
      },
    },
  )
  return true
}
