import { Type } from 'typebox'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { recordExport } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { sendCsv } from '../../platform/http/answers/csv.ts'
import { optionalChoice } from '../../platform/http/input.ts'
import { exporting, onPage, paging, requiredId } from '../../platform/http/list-input.ts'
import { fileSchema } from '../../platform/http/output.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Announcement } from './announcement.ts'
import { known } from './announcements.ts'
import { announcementLacks, type ReaderRow, readerRows, readersOf } from './readers.ts'

const id = requiredId('公告编号')
const lack = optionalChoice('只要没有这样做的人', announcementLacks)

const rowSchema = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  /** When it was first on their screen, and when they opened it or put it away; '' when they did not. */
  shownAt: Type.String(),
  readAt: Type.String(),
})

export const announcementMarks = pageCall({
  method: 'GET',
  path: '/web/announcements/marks',
  access: administrator('super'),
  point: 'app:read',
  directory: true,
  input: { id, ...paging, lack },
  output: Type.Object({
    counts: Type.Object({ people: Type.Integer(), shown: Type.Integer(), read: Type.Integer() }),
    list: Type.Array(rowSchema),
    total: Type.Integer(),
  }),
  async handle(ctx: Core & { mirrors: Mirrors }, { input, corpId }) {
    const announcement = await known(ctx.db, corpId, input.id)
    const { counts, people } = await readersOf(ctx, announcement, input.lack)
    const rows = await readerRows(ctx, announcement, onPage<MemberCore>(people, input))
    const list = rows.map(({ shownAt, readAt, ...row }) => ({
      ...row,
      shownAt: shownAt?.toISOString() ?? '',
      readAt: readAt?.toISOString() ?? '',
    }))
    return { counts, list, total: people.length }
  },
})

const heads = {
  zh: ['成员', '姓名', '看到', '打开'],
  en: ['Member', 'Name', 'Seen', 'Opened'],
} as const

export const exportAnnouncementMarks = pageCall({
  method: 'GET',
  path: '/web/announcements/marks/export',
  access: administrator('super'),
  point: 'message:export',
  directory: true,
  input: { id, lack, ...exporting },
  output: fileSchema,
  async handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId, reply }) {
    const announcement = await known(ctx.db, corpId, input.id)
    const { people } = await readersOf(ctx, announcement, input.lack)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'announcementMarks', input })
    return sendCsv(reply, {
      name: 'announcement-marks',
      head: heads[input.language ?? 'zh'],
      chunks: chunksOf(ctx, announcement, people),
      cells: row => [row.userId, row.name, row.shownAt, row.readAt],
    })
  },
})

const rowsAtOnce = 5000

async function* chunksOf(
  ctx: Core,
  announcement: Announcement,
  people: readonly MemberCore[],
): AsyncGenerator<ReaderRow[]> {
  for (let at = 0; at < people.length; at += rowsAtOnce)
    yield await readerRows(ctx, announcement, people.slice(at, at + rowsAtOnce))
}
