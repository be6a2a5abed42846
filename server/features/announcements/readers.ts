import { isHere, type MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import { seenBy } from '../apps/visibility.ts'
import type { Announcement } from './announcement.ts'
import * as store from './store.ts'

export const announcementLacks = ['shown', 'read'] as const
type Lack = (typeof announcementLacks)[number]

export type Readers = {
  counts: { people: number; shown: number; read: number }
  /** Who may see it, all or those who have not done something. */
  people: MemberCore[]
}

const inTurn = 10_000

/** Returns who may see an announcement now, and how many members saw and opened it. A corp may have a million members. */
export async function readersOf(
  ctx: Core & { mirrors: Mirrors },
  { corpId, id, visibility }: Announcement,
  lack: Lack | undefined,
): Promise<Readers> {
  const seers = await store.seersOf(ctx.db, corpId, id)
  const done = { shown: new Set(seers.shown), read: new Set(seers.read) }
  const mirror = ctx.mirrors.of(corpId)
  const sees = seenBy(mirror, visibility)
  const counts = { people: 0, shown: 0, read: 0 }
  const people: MemberCore[] = []
  let looked = 0
  for (const core of [...mirror.members.all()]) {
    if (++looked % inTurn === 0) await ownTurn()
    if (!isHere(core) || !sees(core)) continue
    counts.people++
    if (done.shown.has(core.id)) counts.shown++
    if (done.read.has(core.id)) counts.read++
    if (!lack || !done[lack].has(core.id)) people.push(core)
  }
  return { counts, people }
}

export type ReaderRow = { userId: string; name: string; shownAt: Date | null; readAt: Date | null }

/** When these people saw and opened it. */
export async function readerRows(
  ctx: Core,
  { corpId, id }: Announcement,
  people: readonly MemberCore[],
): Promise<ReaderRow[]> {
  const marks = await store.marksOf(
    ctx.db,
    corpId,
    id,
    people.map(core => core.id),
  )
  const of = new Map(marks.map(one => [one.memberId, one]))
  return people.map(({ id: memberId, userId, name }) => {
    const { shownAt = null, readAt = null } = of.get(memberId) ?? {}
    return { userId, name, shownAt, readAt }
  })
}
