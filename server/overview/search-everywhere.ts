import { type Static, Type } from 'typebox'
import type { Apps } from '../apps/catalog.ts'
import type { Core } from '../core.ts'
import { isListed } from '../directory/mirror/members.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { seesMember } from '../directory/permissions/sight.ts'
import { text } from '../http/input.ts'
import { administrator, pageCall } from '../http/page-call.ts'
import { type Language, languageOf, wordsIn } from '../http/words.ts'
import { eventView } from '../inbox/event-store.ts'
import { findMessages } from '../messages/store.ts'
import { type Person, personSight, roleLevel } from '../people/people.ts'

const consoleHitSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  detail: Type.String(),
})
export type ConsoleHit = Static<typeof consoleHitSchema>

const consoleSearchAnswerSchema = Type.Object({
  members: Type.Array(consoleHitSchema),
  apps: Type.Array(consoleHitSchema),
  messages: Type.Array(consoleHitSchema),
  events: Type.Array(consoleHitSchema),
})
export type ConsoleSearchAnswer = Static<typeof consoleSearchAnswerSchema>

const membersAtMost = 8
const appsAtMost = 5

/**
 * What Ctrl K finds: members by name, pinyin and userid, apps by name and id, and a message or an event by its id.
 */
export const consoleSearch = pageCall({
  method: 'GET',
  path: '/web/console/search',
  access: administrator('graded'),
  directory: true,
  input: { q: text('姓名、拼音、userId、应用名、消息 ID 或事件 ID', { max: 100 }) },
  output: consoleSearchAnswerSchema,
  async handle(
    ctx: Core & { apps: Apps; mirrors: Mirrors },
    { input, visitor, corpId, request },
  ): Promise<ConsoleSearchAnswer> {
    const members = findMembers(ctx, corpId, visitor, input.q)
    // All other results are for administrators of the whole corp.
    if (visitor.roleLevel === roleLevel.graded) return { members, apps: [], messages: [], events: [] }
    const [messages, events] = await Promise.all([
      findMessage(ctx, corpId, input.q.trim()),
      findEvent(ctx, corpId, input.q.trim()),
    ])
    const language = languageOf(request.headers['accept-language'])
    return { members, apps: findApps(ctx, corpId, input.q, language), messages, events }
  },
})

function findMembers(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  person: Person,
  words: string,
): ConsoleHit[] {
  const { members, search, tree } = ctx.mirrors.of(corpId)
  const sight = personSight(tree, person)
  const allow = (ordinal: number) => {
    const member = members.at(ordinal)
    return member !== undefined && isListed(member) && seesMember(sight, tree, member)
  }
  return search.search(words, { offset: 0, limit: membersAtMost, mobile: false, allow }).flatMap(ordinal => {
    const member = members.at(ordinal)
    if (!member) return []
    const first = tree.get(member.departments[0] ?? 0)?.department.name ?? ''
    return [{ id: member.userId, title: `${member.name} ${member.userId}`, detail: first }]
  })
}

const disabled = { zh: '已停用', en: 'Disabled' }

function findApps(
  ctx: Core & { apps: Apps },
  corpId: string,
  words: string,
  language: Language,
): ConsoleHit[] {
  const wanted = words.trim().toLowerCase()
  return ctx.apps
    .ofCorp(corpId)
    .filter(app => app.id.toLowerCase() === wanted || app.name.toLowerCase().includes(wanted))
    .slice(0, appsAtMost)
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
