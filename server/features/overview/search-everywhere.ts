import { type Static, Type } from 'typebox'
import { allDevelopers } from '../../callers/developers/store.ts'
import { findDepartments, findMembers, findTags } from '../../organisation/directory/console/search.ts'
import { seenDepartments, type Viewer, viewerOf } from '../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import { latestActs } from '../../platform/audit/store.ts'
import type { Core } from '../../platform/core.ts'
import { text } from '../../platform/http/input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { type Language, languageOf, wordsIn } from '../../platform/http/words.ts'
import { eventView } from '../../platform/inbox/event-store.ts'
import type { Apps } from '../apps/catalog.ts'
import { findMessages } from '../messages/store.ts'
import { reachOf } from '../payments/bills/creator.ts'
import { newestBills } from '../payments/bills/store.ts'
import { yuanOf } from '../payments/money.ts'

const consoleHitSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  detail: Type.String(),
})
export type ConsoleHit = Static<typeof consoleHitSchema>

const consoleSearchAnswerSchema = Type.Object({
  members: Type.Array(consoleHitSchema),
  departments: Type.Array(consoleHitSchema),
  tags: Type.Array(consoleHitSchema),
  developers: Type.Array(consoleHitSchema),
  apps: Type.Array(consoleHitSchema),
  bills: Type.Array(consoleHitSchema),
  messages: Type.Array(consoleHitSchema),
  events: Type.Array(consoleHitSchema),
  /** By who did it and to whom; `title` is the act's code. */
  audit: Type.Array(consoleHitSchema),
})
export type ConsoleSearchAnswer = Static<typeof consoleSearchAnswerSchema>

const membersAtMost = 8
const shownAtMost = 5

/**
 * What Ctrl K finds: members by name, pinyin, userid and mobile (which administrators may see), departments, tags, apps and
 * developers by name and id, bills by number, title and payer, a message or an event by its id, and the latest acts of or on
 * somebody.
 */
export const consoleSearch = pageCall({
  method: 'GET',
  path: '/web/console/search',
  access: administrator('graded'),
  directory: true,
  input: {
    q: text('姓名、拼音、userId、手机号，部门、标签、应用、开发者，账单，消息或事件 ID，审计中的名称', {
      max: 100,
    }),
  },
  output: consoleSearchAnswerSchema,
  async handle(
    ctx: Core & { apps: Apps; mirrors: Mirrors },
    { input, visitor, corpId, request },
  ): Promise<ConsoleSearchAnswer> {
    const viewer = viewerOf(ctx, corpId, visitor)
    const words = input.q.trim()
    const own = {
      members: membersFound(viewer, words),
      departments: findDepartments(viewer, words)
        .slice(0, shownAtMost)
        .map(({ orgId, orgName, path }) => {
          const above = path.slice(0, -1).map(one => one.orgName)
          return { id: orgId, title: orgName, detail: above.join(' / ') }
        }),
      tags: findTags(viewer, words)
        .slice(0, shownAtMost)
        .map(({ tagId, tagName }) => ({ id: tagId, title: tagName, detail: '' })),
      bills: await findBills(ctx, viewer, words),
    }
    // All other results are for administrators of the whole corp.
    if (visitor.roleLevel === roleLevel.graded)
      return { ...own, developers: [], apps: [], messages: [], events: [], audit: [] }
    const [messages, events, developers, audit] = await Promise.all([
      findMessage(ctx, corpId, words),
      findEvent(ctx, corpId, words),
      findDevelopers(ctx, corpId, words),
      findActs(ctx, corpId, words),
    ])
    const language = languageOf(request.headers['accept-language'])
    return { ...own, apps: findApps(ctx, corpId, words, language), developers, messages, events, audit }
  },
})

function membersFound(viewer: Viewer, words: string): ConsoleHit[] {
  return findMembers(viewer, words, membersAtMost).map(({ userId, name, departments }) => {
    const [first] = seenDepartments(viewer, departments)
    return { id: userId, title: `${name} ${userId}`, detail: first?.department.name ?? '' }
  })
}

async function findDevelopers(ctx: Core, corpId: string, words: string): Promise<ConsoleHit[]> {
  const wanted = words.toLowerCase()
  return (await allDevelopers(ctx.db, corpId))
    .filter(({ devId, name }) => devId === wanted || name.toLowerCase().includes(wanted))
    .slice(0, shownAtMost)
    .map(({ devId, name }) => ({ id: devId, title: name, detail: devId }))
}

async function findBills(ctx: Core, viewer: Viewer, text: string): Promise<ConsoleHit[]> {
  const filter = { text, reach: reachOf(viewer) }
  const bills = await newestBills(ctx.db, viewer.corpId, filter, {
    limit: shownAtMost,
    now: new Date(ctx.now()),
  })
  return bills.map(({ id, title, amount, payerName, billNo }) => ({
    id: String(id),
    title: `${title} ¥${yuanOf(amount)}`,
    detail: `${payerName} ${billNo}`,
  }))
}

/** Old acts are looked for in the audit log itself, which takes longer. */
async function findActs(ctx: Core, corpId: string, words: string): Promise<ConsoleHit[]> {
  return (await latestActs(ctx.db, corpId, words, shownAtMost)).map(entry => {
    const who = entry.actorName || entry.actor
    const whom = entry.targetName || entry.target
    return { id: String(entry.id), title: entry.act, detail: `${who} → ${whom} ${entry.at.toISOString()}` }
  })
}

const disabled = { zh: '已停用', en: 'Disabled' }

function findApps(
  ctx: Core & { apps: Apps },
  corpId: string,
  words: string,
  language: Language,
): ConsoleHit[] {
  const wanted = words.toLowerCase()
  return ctx.apps
    .ofCorp(corpId)
    .filter(app => app.id.toLowerCase() === wanted || app.name.toLowerCase().includes(wanted))
    .slice(0, shownAtMost)
    .map(app => ({ id: app.id, title: app.name, detail: app.enabled ? '' : wordsIn(language, disabled) }))
}

async function findMessage(ctx: Core, corpId: string, id: string): Promise<ConsoleHit[]> {
  const message = (await findMessages(ctx.db, [id])).get(id)
  if (message?.corpId !== corpId) return []
  return [{ id, title: message.agentName || id, detail: message.createdAt.toISOString() }]
}

async function findEvent(ctx: Core, corpId: string, words: string): Promise<ConsoleHit[]> {
  if (!/^\d{1,15}$/.test(words)) return []
  const event = await eventView(ctx.db, corpId, 'directory', Number(words))
  return event ? [{ id: words, title: `#${words}`, detail: `${event.changeType} ${event.entity}` }] : []
}
