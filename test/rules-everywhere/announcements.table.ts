import {
  type AnnouncementSettings,
  addAnnouncement,
  withdrawAnnouncement,
} from '../../server/features/announcements/announcements.ts'
import { toEveryone } from '../../server/features/apps/visibility.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

const hourMs = 3_600_000
const at = (hours: number) => new Date(here.world.ctx.now() + hours * hourMs)
const everyone = { everyone: true, departments: [], userIds: [], tags: [] }

type AnnouncementInput = {
  title?: string
  content?: string
  from?: number
  until?: number
  departments?: number[]
}

/** Times are in hours from now. */
function announcement({
  title = '公告',
  content,
  from,
  until = 24,
  departments,
}: AnnouncementInput): Attempt[] {
  const times = () => ({ from: from === undefined ? undefined : at(from), until: at(until) })
  const settings = (): AnnouncementSettings => ({
    title,
    content,
    isImportant: false,
    ...times(),
    visibility: departments ? { ...toEveryone, everyone: false, departments } : toEveryone,
  })
  const words: (string | (() => string))[] = ['announcement', 'add', '--title', title]
  if (content !== undefined) words.push('--text', content)
  if (from !== undefined) words.push('--from', () => at(from).toISOString())
  if (departments) words.push('--departments', departments.join())
  return [
    feature(() => addAnnouncement(here.world.ctx, 'test', here.world.corpId, settings())),
    page('/web/announcements/add', () => ({
      title,
      important: '0',
      until: at(until).toISOString(),
      ...(content === undefined ? {} : { content }),
      ...(from === undefined ? {} : { from: at(from).toISOString() }),
      visibility: departments ? { ...everyone, everyone: false, departments } : everyone,
    })),
    command(...words, '--until', () => at(until).toISOString()),
  ]
}

const announcements: Rule[] = [
  ['a blank title', '1001', /title/, announcement({ title: ' ' })],
  ['a long title', '1000', /title/, announcement({ title: '字'.repeat(65) })],
  ['a long text', '1000', /content/, announcement({ content: '字'.repeat(2001) })],
  ['a control character', '1000', /content/, announcement({ content: 'a\u0007b' })],
  ['an end that is past', '1000', /until 已经过去/, announcement({ until: -1 })],
  ['an end before its start', '1000', /晚于开始/, announcement({ from: 5, until: 4 })],
  ['an end in more than a year', '1000', /一年/, announcement({ until: 24 * 367 })],
  ['an unknown department', '1005', /99999/, announcement({ departments: [99999] })],
]

const ends: Rule[] = [
  [
    'of an announcement that is not there',
    '1000',
    /没有公告 999999/,
    [
      feature(() => withdrawAnnouncement(here.world.ctx, 'test', here.world.corpId, 999_999)),
      page('/web/announcements/end', () => ({ id: 999_999 })),
      command('announcement', 'end', '999999'),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['an announcement', announcements],
  ['the end', ends],
]
