import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import {
  anyId,
  choice,
  requiredInteger,
  requiredText,
  text,
  time,
  toggle,
} from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { audienceParts, visibilityGiven } from '../apps/commands/app-parts.ts'
import { toEveryone } from '../apps/visibility.ts'
import { type AnnouncementState, announcementStates, stateOf } from './announcement.ts'
import { addAnnouncement, withdrawAnnouncement } from './announcements.ts'
import { announcementsOf } from './store.ts'

type Needs = Core & { corps: Corps }

const stateWords: Record<AnnouncementState, string> = {
  current: '正在显示',
  planned: '未开始',
  past: '已结束',
}
const listedAtMost = 200

const list = command({
  path: 'announcement list',
  point: 'app:read',
  summary: `列出工作台的公告，新的在前，最多 ${listedAtMost} 条`,
  parts: { corp: corpPart, state: choice('--state <state>', '只列出', announcementStates) },
  async run(ctx: Needs, { corp, state }) {
    const filter = { states: state && [state], now: new Date(ctx.now()) }
    const page = { limit: listedAtMost, offset: 0 }
    const { list: data } = await announcementsOf(ctx.db, corpOf(ctx, corp), filter, page)
    const rows = data.map(one => [
      one.id,
      stateWords[stateOf(one, ctx.now())],
      one.isImportant ? '重要' : '—',
      when(one.from),
      when(one.until),
      one.updatedBy,
      one.title,
    ])
    return { data, text: table(['编号', '状态', '重要', '从', '到', '最近保存', '标题'], rows, '没有公告') }
  },
})

const add = directoryCommand({
  path: 'announcement add',
  point: 'app:announce',
  summary: '在工作台发布公告，默认全员可见、立即显示',
  parts: {
    corp: corpPart,
    title: requiredText('--title <text>', '标题'),
    content: text('--text <text>', '正文：纯文本，可以换行；其中的网址显示为链接'),
    until: time('--until <time>', '显示到什么时候，最晚一年以后；ISO 8601'),
    from: time('--from <time>', '从什么时候显示，默认现在；ISO 8601'),
    important: toggle('--important', '重要：排在前面，并且醒目'),
    ...audienceParts,
  },
  async run(ctx: Needs & { mirrors: Mirrors }, { corp, title, content, until, from, important, ...given }) {
    if (!until) throw new UsageError('缺少 --until <time>')
    const corpId = corpOf(ctx, corp)
    const data = await addAnnouncement(ctx, actor, corpId, {
      title,
      content,
      from,
      until,
      isImportant: important,
      visibility: (await visibilityGiven(ctx, corpId, given, toEveryone)) ?? toEveryone,
    })
    return { data, text: `已发布公告 ${data.id}，显示到 ${when(data.until)}` }
  },
})

const end = command({
  path: 'announcement end',
  point: 'app:announce',
  summary: '撤下正在显示或未开始的公告',
  parts: { id: requiredInteger('<id>', '公告编号', anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const data = await withdrawAnnouncement(ctx, actor, corpOf(ctx, corp), id)
    return { data, text: `已撤下公告 ${id}` }
  },
})

export const announcementCommands = [list, add, end]
