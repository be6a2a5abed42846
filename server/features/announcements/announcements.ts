import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { nameGroups } from '../../organisation/groups/groups.ts'
import { type Entry, record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText, readName } from '../../platform/http/rules.ts'
import { told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Visibility } from '../apps/app.ts'
import { staleWords } from '../apps/apps.ts'
import { checkVisibility, toEveryone } from '../apps/visibility.ts'
import type { Announcement } from './announcement.ts'
import { noAnnouncement } from './read.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'> }

/** What an administrator sets. Without `from` it is shown at once. */
export type AnnouncementSettings = {
  title: string
  content: string | undefined
  isImportant: boolean
  visibility: Visibility
  from: Date | undefined
  until: Date
}

const contentAtMost = 2000
const openAtMost = 50
const daysAtMost = 366
const dayMs = 86_400_000

/** Throws 1000, 1001, 1002, 1005, 1006, 1007. */
export async function addAnnouncement(
  ctx: Needs,
  actor: string,
  corpId: string,
  settings: AnnouncementSettings,
): Promise<Announcement> {
  const content = await checked(ctx, corpId, settings, undefined)
  const made = await ctx.db.transaction().execute(async tx => {
    const id = await insert(tx, ctx, corpId, content, { actor, messageId: undefined })
    return known(tx, corpId, id!)
  })
  await ctx.reloadConfig(corpId)
  return made
}

/** The announcement of a message that is pinned, in the transaction of the message; reload the configuration afterwards. */
export type MessageAnnouncement = {
  /** Nothing for a message that has its announcement already. Throws 1000. */
  write(tx: Db, messageId: string): Promise<void>
  /** For a message that was refused after all. */
  undo(tx: Db, messageId: string): Promise<void>
}

/** Checks what a message is to announce. Throws what making the announcement would. */
export async function announcementOfMessage(
  ctx: Needs,
  actor: string,
  corpId: string,
  settings: AnnouncementSettings,
): Promise<MessageAnnouncement> {
  const content = await checked(ctx, corpId, settings, undefined)
  if ((await store.countOpen(ctx.db, corpId, new Date(ctx.now()))) >= openAtMost) throw tooMany()
  return {
    async write(tx, messageId) {
      await insert(tx, ctx, corpId, content, { actor, messageId })
    },
    async undo(tx, messageId) {
      const id = await store.deleteOfMessage(tx, corpId, messageId)
      if (id === undefined) return
      const entry = { act: 'announcement.end' as const, target: String(id), targetName: content.title }
      await note(tx, ctx, corpId, actor, { ...entry, detail: {} })
    },
  }
}

/** Undefined for a message that has its announcement already. Throws 1000. */
async function insert(
  tx: Db,
  ctx: Needs,
  corpId: string,
  content: store.AnnouncementContent,
  { actor, messageId }: { actor: string; messageId: string | undefined },
): Promise<number | undefined> {
  const by = { actor, at: new Date(ctx.now()), messageId }
  await nameGroups(tx, corpId, content.visibility.groups)
  const id = await store.insertAnnouncement(tx, corpId, content, by)
  if (id === undefined) return undefined
  if ((await store.countOpen(tx, corpId, by.at)) > openAtMost) throw tooMany()
  const entry = { act: 'announcement.add' as const, target: String(id), targetName: content.title }
  await note(tx, ctx, corpId, actor, { ...entry, detail: toldOf(content) })
  return id
}

/**
 * `version` is the one that the administrator's page showed; if somebody else has saved since, this save is refused. Throws 1000,
 * 1001, 1005, 1006, 1007.
 */
export async function setAnnouncement(
  ctx: Needs,
  actor: string,
  corpId: string,
  id: number,
  settings: AnnouncementSettings,
  version: number,
): Promise<Announcement> {
  const shown = await known(ctx.db, corpId, id)
  const content = await checked(ctx, corpId, settings, shown)
  const by = { actor, at: new Date(ctx.now()) }
  const saved = await ctx.db.transaction().execute(async tx => {
    const before = await locked(tx, corpId, id)
    if (version !== before.version)
      throw new ApiError('badParameter', staleWords(ctx, before.updatedBy, before.updatedAt), { status: 409 })
    if (before.until <= by.at) throw over(before)
    await nameGroups(tx, corpId, content.visibility.groups, before.visibility.groups)
    await store.updateAnnouncement(tx, corpId, id, content, by)
    await note(tx, ctx, corpId, actor, {
      act: 'announcement.set',
      target: String(id),
      targetName: content.title,
      detail: { changes: changesOf(toldOf(before), toldOf(content)) },
    })
    return known(tx, corpId, id)
  })
  await ctx.reloadConfig(corpId)
  return saved
}

/** Withdraws one that is shown or planned. Throws 1000. */
export async function withdrawAnnouncement(
  ctx: Core,
  actor: string,
  corpId: string,
  id: number,
): Promise<Announcement> {
  const by = { actor, at: new Date(ctx.now()) }
  const ended = await ctx.db.transaction().execute(async tx => {
    const before = await locked(tx, corpId, id)
    if (before.until <= by.at) throw over(before)
    await store.endAnnouncement(tx, corpId, id, by)
    const entry = { act: 'announcement.end' as const, target: String(id), targetName: before.title }
    await note(tx, ctx, corpId, actor, { ...entry, detail: {} })
    return known(tx, corpId, id)
  })
  await ctx.reloadConfig(corpId)
  return ended
}

/** Throws 1000 when there is none. */
export async function known(db: Db, corpId: string, id: number): Promise<Announcement> {
  const found = await store.findAnnouncement(db, corpId, id)
  if (!found) throw noAnnouncement(id)
  return found
}

async function locked(tx: Db, corpId: string, id: number): Promise<Announcement> {
  const found = await store.lockAnnouncement(tx, corpId, id)
  if (!found) throw noAnnouncement(id)
  return found
}

async function checked(
  ctx: Needs,
  corpId: string,
  settings: AnnouncementSettings,
  before: Announcement | undefined,
): Promise<store.AnnouncementContent> {
  ctx.corps.get(corpId)
  const { content = '', visibility } = settings
  const title = readName(settings.title, 'title')
  checkText(content, 'content', contentAtMost, true)
  const times = checkedTimes(ctx.now(), settings)
  checkVisibility(await ctx.mirrors.load(corpId), visibility, before?.visibility ?? toEveryone)
  return { ...settings, title, content: content.trim(), ...times }
}

function checkedTimes(now: number, { from, until }: Pick<AnnouncementSettings, 'from' | 'until'>) {
  const begins = from ?? new Date(now)
  if (until.getTime() <= now)
    throw new ApiError('badParameter', {
      zh: 'until 已经过去：结束时间要在现在以后',
      en: 'until is in the past: an announcement ends in the future',
    })
  if (until <= begins)
    throw new ApiError('badParameter', {
      zh: 'until 要晚于开始时间 from',
      en: 'until must be later than from',
    })
  if (until.getTime() > now + daysAtMost * dayMs)
    throw new ApiError('badParameter', {
      zh: 'until 最晚到一年以后',
      en: 'until is at most a year from now',
    })
  return { from: begins, until }
}

function over({ id }: Announcement): ApiError {
  return new ApiError('badParameter', {
    zh: told`公告 ${id} 已经结束，不能再修改或撤下，请发布一条新的`,
    en: told`announcement ${id} is over and can be neither changed nor withdrawn: publish a new one`,
  })
}

function tooMany(): ApiError {
  return new ApiError('badParameter', {
    zh: `正在显示和将要显示的公告最多 ${openAtMost} 条，请先撤下不需要的`,
    en: `at most ${openAtMost} announcements are shown or planned at a time: withdraw some first`,
  })
}

/** What the audit log says of it. */
function toldOf({ visibility, from, until, title, content, isImportant }: store.AnnouncementContent) {
  return { title, content, isImportant, visibility, from: from.toISOString(), until: until.toISOString() }
}

async function note(
  tx: Db,
  ctx: Core,
  corpId: string,
  actor: string,
  entry: Omit<Entry, 'corpId' | 'actor'>,
): Promise<void> {
  await record(tx, ctx, { ...entry, corpId, actor })
  await signal(tx, 'wisp_config', corpId)
}
