import { Type } from 'typebox'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { requiredId } from '../../platform/http/list-input.ts'
import { pageCall, person } from '../../platform/http/page-call.ts'
import type { Announcements } from './catalog.ts'
import { putAwayAnnouncement, readAnnouncements } from './read.ts'

type Needs = Core & { announcements: Announcements; mirrors: Mirrors }

/** The announcements for the person now, important ones first, then the newest. */
export const myAnnouncements = pageCall({
  method: 'GET',
  path: '/web/portal/announcements',
  access: person,
  directory: true,
  unattended: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Integer(),
        title: Type.String(),
        content: Type.String(),
        isImportant: Type.Boolean(),
        from: Type.String(),
        until: Type.String(),
        isPutAway: Type.Boolean(),
      }),
    ),
  }),
  async handle(ctx: Needs, { visitor, corpId }) {
    const list = await readAnnouncements(ctx, corpId, visitor)
    return {
      list: list.map(({ announcement: { id, title, content, isImportant, from, until }, isPutAway }) => ({
        id,
        title,
        content,
        isImportant,
        isPutAway,
        from: from.toISOString(),
        until: until.toISOString(),
      })),
    }
  },
})

export const putAwayMyAnnouncement = pageCall({
  method: 'POST',
  path: '/web/portal/announcements/put-away',
  access: person,
  directory: true,
  input: { id: requiredId('公告编号') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await putAwayAnnouncement(ctx, corpId, visitor, input.id)
    return {}
  },
})
