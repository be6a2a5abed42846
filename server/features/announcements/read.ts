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

export type ReadAnnouncement = { announcement: Announcement; isPutAway: boolean }

export async function readAnnouncements(
  ctx: Needs,
  corpId: string,
  person: Person,
): Promise<ReadAnnouncement[]> {
  const shown = announcementsFor(ctx, corpId, person)
  if (shown.length === 0) return []
  const away = new Set(await store.putAwayBy(ctx.db, corpId, ownerOf(person)))
  return shown.map(announcement => ({ announcement, isPutAway: away.has(announcement.id) }))
}

/** The person does not want to see it any more. Throws 1000 for one that is not shown to this person. */
export async function putAwayAnnouncement(
  ctx: Needs,
  corpId: string,
  person: Person,
  id: number,
): Promise<void> {
  if (!announcementsFor(ctx, corpId, person).some(one => one.id === id)) throw noAnnouncement(id)
  const open = ctx.announcements.current(corpId).map(one => one.id)
  await store.putAway(ctx.db, corpId, ownerOf(person), id, open)
}

export function noAnnouncement(id: number): ApiError {
  return new ApiError('badParameter', { zh: told`没有公告 ${id}`, en: told`there is no announcement ${id}` })
}
