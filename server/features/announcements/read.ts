import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { visibilityFor } from '../apps/visibility.ts'
import { ownerOf } from '../apps/workbench/workbench.ts'
import type { Announcement } from './announcement.ts'
import type { Announcements } from './catalog.ts'
import * as store from './store.ts'

type Needs = Core & { announcements: Announcements; mirrors: Mirrors }

/** What is shown to this person now. The local administrator, who is in no department, sees all of the corp. */
function announcementsFor(ctx: Needs, corpId: string, person: Person): Announcement[] {
  const current = ctx.announcements.current(corpId)
  if (!person.member || current.length === 0) return current
  const sees = visibilityFor(ctx.mirrors.of(corpId), person.member)
  return current.filter(one => sees(one.visibility))
}

/** `wasShown`: it has been on this person's screen. */
export type ReadAnnouncement = { announcement: Announcement; isPutAway: boolean; wasShown: boolean }

export async function readAnnouncements(
  ctx: Needs,
  corpId: string,
  person: Person,
): Promise<ReadAnnouncement[]> {
  const shown = announcementsFor(ctx, corpId, person)
  if (shown.length === 0) return []
  const reader = { owner: ownerOf(person), memberId: person.member?.id }
  const ids = shown.map(one => one.id)
  const known = await store.readerOf(ctx.db, corpId, reader, ids)
  const [away, seen] = [new Set(known.putAway), new Set(known.shown)]
  return shown.map(announcement => ({
    announcement,
    isPutAway: away.has(announcement.id),
    wasShown: seen.has(announcement.id),
  }))
}

/** The person does not want to see it any more: they know of it. Throws 1000 for one that is not shown to this person. */
export async function putAwayAnnouncement(
  ctx: Needs,
  corpId: string,
  person: Person,
  id: number,
): Promise<void> {
  await noteAnnouncement(ctx, corpId, person, { id, isRead: true })
  const open = ctx.announcements.current(corpId).map(one => one.id)
  await store.putAway(ctx.db, corpId, ownerOf(person), id, open)
}

/** Notes that one was on the person's screen, or was opened; nothing of the local administrator. Throws 1000 for one that is not shown to this person. */
export async function noteAnnouncement(
  ctx: Needs,
  corpId: string,
  person: Person,
  { id, isRead }: { id: number; isRead: boolean },
): Promise<void> {
  if (!announcementsFor(ctx, corpId, person).some(one => one.id === id)) throw noAnnouncement(id)
  if (!person.member) return
  await store.markAnnouncement(ctx.db, corpId, id, person.member.id, { at: new Date(ctx.now()), isRead })
}

export function noAnnouncement(id: number): ApiError {
  return new ApiError('badParameter', { zh: told`没有公告 ${id}`, en: told`there is no announcement ${id}` })
}
