import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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
import type { Words } from '../../platform/words.ts'
import { audienceParts, visibilityGiven } from '../apps/commands/app-parts.ts'
import { toEveryone } from '../apps/visibility.ts'
import { type AnnouncementState, announcementStates, stateOf } from './announcement.ts'
import { addAnnouncement, withdrawAnnouncement } from './announcements.ts'
import { announcementsOf } from './store.ts'

type Needs = Core & { corps: Corps }

const stateWords: Record<AnnouncementState, Words> = {
  current: { zh: '正在显示', en: 'shown now' },
  planned: { zh: '未开始', en: 'planned' },
  past: { zh: '已结束', en: 'past' },
}
const listedAtMost = 200

const list = command({
  path: 'announcement list',
  point: 'app:read',
  summary: {
    zh: `列出工作台的公告，新的在前，最多 ${listedAtMost} 条`,
    en: `List the announcements of the workbench, newest first, ${listedAtMost} at most`,
  },
  parts: {
    corp: corpPart,
    state: choice('--state <state>', { zh: '只列出', en: 'list only these' }, announcementStates),
  },
  async run(ctx: Needs, { corp, state }) {
    const filter = { states: state && [state], now: new Date(ctx.now()) }
    const page = { limit: listedAtMost, offset: 0 }
    const { list: data } = await announcementsOf(ctx.db, corpOf(ctx, corp), filter, page)
    const rows = data.map(one => [
      one.id,
      stateWords[stateOf(one, ctx.now())],
      one.isImportant ? said({ zh: '重要', en: 'important' }) : '—',
      when(one.from),
      when(one.until),
      one.updatedBy,
      one.title,
    ])
    return {
      data,
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '状态', en: 'State' },
          { zh: '重要', en: 'important' },
          { zh: '从', en: 'From' },
          { zh: '到', en: 'Until' },
          { zh: '最近保存', en: 'Last saved' },
          { zh: '标题', en: 'Title' },
        ],
        rows,
        { zh: '没有公告', en: 'no announcements' },
      ),
    }
  },
})

const add = directoryCommand({
  path: 'announcement add',
  point: 'app:announce',
  summary: {
    zh: '在工作台发布公告，默认全员可见、立即显示',
    en: 'Publish an announcement on the workbench, by default to everyone and at once',
  },
  parts: {
    corp: corpPart,
    title: requiredText('--title <text>', { zh: '标题', en: 'title' }),
    content: text('--text <text>', {
      zh: '正文：纯文本，可以换行；其中的网址显示为链接',
      en: 'text, plain, may have several lines; addresses in it become links',
    }),
    until: time('--until <time>', {
      zh: '显示到什么时候，最晚一年以后；ISO 8601',
      en: 'until when it is shown, a year from now at most; ISO 8601',
    }),
    from: time('--from <time>', {
      zh: '从什么时候显示，默认现在；ISO 8601',
      en: 'from when it is shown, now by default; ISO 8601',
    }),
    important: toggle('--important', {
      zh: '重要：排在前面，并且醒目',
      en: 'important: it comes first and stands out',
    }),
    ...audienceParts,
  },
  async run(ctx: Needs & { mirrors: Mirrors }, { corp, title, content, until, from, important, ...given }) {
    if (!until) throw new UsageError({ zh: '缺少 --until <time>', en: '--until <time> is missing' })
    const corpId = corpOf(ctx, corp)
    const data = await addAnnouncement(ctx, actor, corpId, {
      title,
      content,
      from,
      until,
      isImportant: important,
      visibility: (await visibilityGiven(ctx, corpId, given, toEveryone)) ?? toEveryone,
    })
    return {
      data,
      text: said({
        zh: `已发布公告 ${data.id}，显示到 ${when(data.until)}`,
        en: `published the announcement ${data.id}; it is shown until ${when(data.until)}`,
      }),
    }
  },
})

const end = command({
  path: 'announcement end',
  point: 'app:announce',
  summary: { zh: '撤下正在显示或未开始的公告', en: 'Take down an announcement that is shown or planned' },
  parts: {
    id: requiredInteger('<id>', { zh: '公告编号', en: 'ID of the announcement' }, anyId),
    corp: corpPart,
  },
  async run(ctx: Needs, { id, corp }) {
    const data = await withdrawAnnouncement(ctx, actor, corpOf(ctx, corp), id)
    return { data, text: said({ zh: `已撤下公告 ${id}`, en: `took down the announcement ${id}` }) }
  },
})

export const announcementCommands = [list, add, end]
