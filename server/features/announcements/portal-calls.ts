import { Type } from 'typebox'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { flag } from '../../platform/http/input.ts'
import { requiredId } from '../../platform/http/list-input.ts'
import { pageCall, person } from '../../platform/http/page-call.ts'
import type { Announcements } from './catalog.ts'
import { noteAnnouncement, putAwayAnnouncement, readAnnouncements } from './read.ts'

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
        /** It has been on this person's screen. */
        wasShown: Type.Boolean(),
      }),
    ),
  }),
  async handle(ctx: Needs, { visitor, corpId }) {
    const list = await readAnnouncements(ctx, corpId, visitor)
    return {
      list: list.map(
        ({ announcement: { id, title, content, isImportant, from, until }, isPutAway, wasShown }) => ({
          id,
          title,
          content,
          isImportant,
          isPutAway,
          wasShown,
          from: from.toISOString(),
          until: until.toISOString(),
        }),
      ),
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

/** The page says what was on the screen and what was opened. */
export const noteMyAnnouncement = pageCall({
  method: 'POST',
  path: '/web/portal/announcements/seen',
  access: person,
  directory: true,
  input: { id: requiredId('公告编号'), opened: flag('1：打开了全文') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await noteAnnouncement(ctx, corpId, visitor, { id: input.id, isRead: input.opened })
    return {}
  },
})
