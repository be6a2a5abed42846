import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import {
  flag,
  integer,
  optionalText,
  optionalTime,
  structured,
  text,
  time,
} from '../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { visibilityShape } from '../apps/console/apps.ts'
import { namesOf, toEveryone, visibilityNamesSchema, visibilityOf } from '../apps/visibility.ts'
import { type Announcement, announcementStates, stateOf } from './announcement.ts'
import { addAnnouncement, known, setAnnouncement, withdrawAnnouncement } from './announcements.ts'
import { announcementsOf } from './store.ts'

const rowSchema = Type.Object({
  id: Type.Integer(),
  title: Type.String(),
  isImportant: Type.Boolean(),
  state: Type.Enum(announcementStates),
  from: Type.String(),
  until: Type.String(),
  /** Who ended it early; null when it ends by itself. */
  withdrawnBy: Type.Union([Type.String(), Type.Null()]),
  /** How many entries of each kind the audience has. */
  visible: Type.Object({
    everyone: Type.Boolean(),
    departments: Type.Integer(),
    members: Type.Integer(),
    tags: Type.Integer(),
    groups: Type.Integer(),
  }),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
})

function rowOf(ctx: Core, one: Announcement): Static<typeof rowSchema> {
  const { id, title, isImportant, withdrawnBy, updatedBy, visibility } = one
  return {
    id,
    title,
    isImportant,
    withdrawnBy,
    updatedBy,
    state: stateOf(one, ctx.now()),
    from: one.from.toISOString(),
    until: one.until.toISOString(),
    visible: {
      everyone: visibility.everyone,
      departments: visibility.departments.length,
      members: visibility.memberIds.length,
      tags: visibility.tags.length,
      groups: visibility.groups?.length ?? 0,
    },
    updatedAt: one.updatedAt.toISOString(),
  }
}

export const listAnnouncements = pageCall({
  method: 'GET',
  path: '/web/announcements/list',
  access: administrator('super'),
  point: 'app:read',
  input: { state: several('状态', announcementStates), ...paging },
  output: Type.Object({ list: Type.Array(rowSchema), total: Type.Number() }),
  async handle(ctx: Core, { input, corpId }) {
    const filter = { states: input.state, now: new Date(ctx.now()) }
    const { list, total } = await announcementsOf(ctx.db, corpId, filter, pageOf(input))
    return { list: list.map(one => rowOf(ctx, one)), total }
  },
})

const detailSchema = Type.Object({
  ...rowSchema.properties,
  content: Type.String(),
  version: Type.Integer(),
  visibility: visibilityNamesSchema,
})

export const getAnnouncement = pageCall({
  method: 'GET',
  path: '/web/announcements/announcement',
  access: administrator('super'),
  point: 'app:read',
  directory: true,
  input: { id: requiredId('公告编号') },
  output: detailSchema,
  async handle(ctx: Core & { mirrors: Mirrors }, { input, corpId }) {
    const one = await known(ctx.db, corpId, input.id)
    const { content, version } = one
    return { ...rowOf(ctx, one), content, version, visibility: await namesOf(ctx, corpId, one.visibility) }
  },
})

const settings = {
  title: text('标题', { max: 64 }),
  content: optionalText('正文：纯文本，可以换行；其中的网址显示为链接', { max: 2000, lines: true }),
  important: flag('1 重要：排在前面，并且醒目'),
  visibility: structured('谁能看到', visibilityShape),
  from: optionalTime('从什么时候显示，默认现在'),
  until: time('显示到什么时候，最晚一年以后'),
}

type SaveNeeds = Core & { corps: Corps; mirrors: Mirrors }

export const addAnnouncementCall = pageCall({
  method: 'POST',
  path: '/web/announcements/add',
  access: administrator('super'),
  point: 'app:announce',
  directory: true,
  input: settings,
  output: rowSchema,
  async handle(ctx: SaveNeeds, { input, visitor, corpId }) {
    const { important: isImportant, ...rest } = input
    const visibility = await visibilityOf(ctx, corpId, input.visibility, toEveryone)
    return rowOf(ctx, await addAnnouncement(ctx, visitor.actor, corpId, { ...rest, isImportant, visibility }))
  },
})

export const saveAnnouncement = pageCall({
  method: 'POST',
  path: '/web/announcements/save',
  access: administrator('super'),
  point: 'app:announce',
  directory: true,
  input: {
    id: requiredId('公告编号'),
    version: integer('打开表单时的 version；他人在此后保存过则拒绝', { min: 1, max: 2_147_483_647 }),
    ...settings,
  },
  output: rowSchema,
  async handle(ctx: SaveNeeds, { input, visitor, corpId }) {
    const { id, version, important: isImportant, ...rest } = input
    const before = await known(ctx.db, corpId, id)
    const visibility = await visibilityOf(ctx, corpId, input.visibility, before.visibility)
    const given = { ...rest, isImportant, visibility }
    return rowOf(ctx, await setAnnouncement(ctx, visitor.actor, corpId, id, given, version))
  },
})

export const endAnnouncementCall = pageCall({
  method: 'POST',
  path: '/web/announcements/end',
  access: administrator('super'),
  point: 'app:announce',
  input: { id: requiredId('公告编号') },
  output: rowSchema,
  async handle(ctx: Core, { input, visitor, corpId }) {
    return rowOf(ctx, await withdrawAnnouncement(ctx, visitor.actor, corpId, input.id))
  },
})
