import { type Static, Type } from 'typebox'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { optionalChoice, optionalInteger, optionalText, text } from '../../../platform/http/input.ts'
import { exporting, requiredId } from '../../../platform/http/list-input.ts'
import { fileSchema, ready, time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { waitForPage } from '../../../platform/http/waiting/awaited.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import { whyNot } from '../accounts/abilities.ts'
import { accountFor } from '../accounts/access.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { type Conversation, conversationFilters, conversationsOf } from './conversation-store.ts'
import {
  assignConversation,
  type Needs as ConversationNeeds,
  closeConversation,
  conversationOf,
  peopleOf,
  readConversation,
} from './conversations.ts'
import { type LineView, lineSchema, viewOfLine } from './line-view.ts'
import { mediaOfLine } from './media.ts'
import { talkKey, talkRevision } from './revision-store.ts'
import { leftFor } from './say.ts'
import { type ConversationLine, linesOf } from './store.ts'
import type { ConversationRevisions } from './talk.ts'

type AccountNeeds = Core & { accounts: Accounts }
type Needs = ConversationNeeds & AccountNeeds
type Members = ReturnType<Mirrors['of']>['members']

const access = administrator('graded')
export const originalId = text('原始 ID（gh_…）', { max: 64 })
export const openid = text('粉丝的 OpenID', { max: 64 })

const personSchema = Type.Object({ userId: Type.String(), name: Type.String() })
const orNull = <const S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()])

const conversationSchema = Type.Object({
  openid: Type.String(),
  /** The remark, the nickname or the linked member's name; '' when nothing is known. */
  name: Type.String(),
  avatar: Type.String(),
  member: orNull(personSchema),
  subscribed: Type.Boolean(),
  lastAt: orNull(time),
  lastKind: Type.String(),
  lastText: Type.String(),
  lastIsFromFollower: Type.Boolean(),
  unread: Type.Number(),
  unansweredSince: orNull(time),
  needsPerson: Type.Boolean(),
  assigned: orNull(personSchema),
  isMine: Type.Boolean(),
  /** While WeChat's own customer service has the follower; WeChat pushes nothing in the meantime. */
  kfSince: orNull(time),
  kfAccount: Type.String(),
  closedAt: orNull(time),
})
export type ConversationView = Static<typeof conversationSchema>

const atOnce = 30
const shownAtMost = 600

/** Lists conversations that need an answer first, then the newest; `more` says whether there are others beyond `limit`. */
export const listConversations = pageCall({
  method: 'GET',
  path: '/web/official/conversations',
  point: 'conversation:read',
  access,
  directory: true,
  input: {
    originalId,
    filter: optionalChoice('筛选', conversationFilters),
    search: optionalText('昵称、备注、成员姓名、最后一条消息的文字或 OpenID', { max: 64 }),
    limit: optionalInteger('最多条数，默认 30', { min: 1, max: shownAtMost }),
  },
  output: Type.Object({ list: Type.Array(conversationSchema), more: Type.Boolean() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const limit = input.limit ?? atOnce
    const found = await conversationsOf(ctx.db, account, {
      filter: input.filter ?? 'open',
      search: input.search?.trim() ?? '',
      memberId: visitor.member?.id,
      limit: limit + 1,
    })
    const view = viewer(ctx.mirrors.of(corpId).members, visitor.member?.id)
    return { list: found.slice(0, limit).map(view), more: found.length > limit }
  },
})

/** The conversation's last lines and what may be sent now; with `before` the lines before that one. */
export const showConversation = pageCall({
  method: 'GET',
  path: '/web/official/conversation',
  point: 'conversation:read',
  access,
  directory: true,
  input: {
    originalId,
    openid,
    before: optionalInteger('在这一条之前', { min: 1, max: Number.MAX_SAFE_INTEGER }),
  },
  output: Type.Object({
    conversation: conversationSchema,
    lines: Type.Array(lineSchema),
    more: Type.Boolean(),
    left: Type.Object({
      messages: Type.Number(),
      /** How long the last of them may wait, in ms; null without any. */
      ms: orNull(Type.Number()),
      why: orNull(Type.Enum(['closed', 'usedUp'])),
    }),
    /** Why the account can send nothing at all; '' when it can. */
    whyNot: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const { members } = ctx.mirrors.of(corpId)
    const [conversation, lines, left] = await Promise.all([
      conversationOf(ctx, account, input.openid),
      linesOf(ctx.db, account, input.openid, { before: input.before, limit: linesAtOnce }),
      leftFor(ctx, account, input.openid),
    ])
    return {
      conversation: viewer(members, visitor.member?.id)(conversation),
      lines: lines.map(line => viewOfLine(line, namer(members), language)),
      more: lines.filter(line => line.id !== null).length === linesAtOnce,
      left: {
        messages: left.messages,
        ms: left.until && left.until.getTime() - ctx.now(),
        why: left.why,
      },
      whyNot: reasonNot(account, language),
    }
  },
})

const linesAtOnce = 50

function reasonNot(account: Account, language: Language): string {
  if (!account.enabled) return { zh: '公众号已停用', en: 'the account is disabled' }[language]
  return whyNot(account, 'customMessage')?.[language] ?? ''
}

/** With `known` the answer waits until something of the account's conversations is different, 45 s at most. */
export const conversationRevision = pageCall({
  method: 'GET',
  path: '/web/official/conversations/revision',
  point: 'conversation:read',
  access,
  unattended: true,
  input: { originalId, known: optionalInteger('已知的版本', { min: 0, max: Number.MAX_SAFE_INTEGER }) },
  output: Type.Object({ revision: Type.Number() }),
  async handle(
    ctx: AccountNeeds & { sessions: Sessions; talk: ConversationRevisions },
    { input, visitor, corpId, request, reply },
  ) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const key = `${talkKey(account)}${visitor.actor}`
    const count = () => talkRevision(ctx.db, account)
    const { known } = input
    const revision =
      known === undefined
        ? await count()
        : await waitForPage(ctx, ctx.talk, { key, known, count, request, reply })
    return { revision }
  },
})

export const readConversationCall = pageCall({
  method: 'POST',
  path: '/web/official/conversation/read',
  point: 'conversation:answer',
  access,
  input: { originalId, openid, upTo: requiredId('读到哪一条') },
  output: Type.Object({}),
  async handle(ctx: AccountNeeds, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await readConversation(ctx, account, input.openid, input.upTo)
    return {}
  },
})

export const listPeople = pageCall({
  method: 'GET',
  path: '/web/official/conversations/people',
  point: 'conversation:read',
  access,
  directory: true,
  input: { originalId },
  output: Type.Object({ list: Type.Array(personSchema) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return { list: await peopleOf(ctx, accountFor(ctx, visitor, corpId, input.originalId)) }
  },
})

export const assignConversationCall = pageCall({
  method: 'POST',
  path: '/web/official/conversation/assign',
  point: 'conversation:answer',
  access,
  directory: true,
  input: {
    originalId,
    openid,
    userId: optionalText('交给谁；为空时不交给任何人', { max: 64 }),
    note: optionalText('说明；会话由他人处理时必填', { max: 200 }),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { userId = '', note = '' } = input
    await assignConversation(ctx, visitor, account, { openid: input.openid, userId, note })
    return {}
  },
})

export const closeConversationCall = pageCall({
  method: 'POST',
  path: '/web/official/conversation/close',
  point: 'conversation:answer',
  access,
  input: { originalId, openid },
  output: Type.Object({}),
  async handle(ctx: AccountNeeds, { input, visitor, corpId }) {
    await closeConversation(ctx, visitor, accountFor(ctx, visitor, corpId, input.originalId), input.openid)
    return {}
  },
})

const yearSeconds = 31_536_000

/** A line never gets another picture. Voice messages of WeChat are AMR, which browsers do not play: they are downloaded. */
export const conversationMedia = pageCall({
  method: 'GET',
  path: '/web/official/conversation/media',
  point: 'conversation:read',
  access,
  input: { originalId, id: requiredId('消息编号') },
  output: fileSchema,
  async handle(ctx: AccountNeeds, { input, visitor, corpId, request, reply }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const etag = `"${input.id}"`
    reply.header('etag', etag).header('content-security-policy', "default-src 'none'; sandbox")
    if (request.headers['if-none-match'] === etag)
      return reply.header('cache-control', `private, max-age=${yearSeconds}`).code(304).send()
    const { type, bytes } = await mediaOfLine(ctx, account, input.id)
    if (type === 'audio/amr')
      reply.header('content-disposition', `attachment; filename="voice-${input.id}.amr"`)
    return ready({ file: bytes, type, maxAgeSeconds: yearSeconds })
  },
})

const heads = {
  zh: ['时间', '谁', '类型', '内容', '状态', '原因'],
  en: ['Time', 'Who', 'Kind', 'Content', 'State', 'Reason'],
} as const

/** One conversation as a file; that it was taken is an act itself. */
export const conversationExport = pageCall({
  method: 'GET',
  path: '/web/official/conversation/export',
  point: 'follower:export',
  access,
  directory: true,
  input: { originalId, openid, language: exporting.language },
  output: fileSchema,
  async handle(ctx: Needs, { input, visitor, corpId, reply }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await conversationOf(ctx, account, input.openid)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'official.conversation', input })
    const language = input.language ?? 'zh'
    const nameOf = namer(ctx.mirrors.of(corpId).members)
    return sendCsv(reply, {
      name: 'conversation',
      head: heads[language],
      chunks: allLines(ctx, account, input.openid),
      cells: line => cellsOf(viewOfLine(line, nameOf, language), input.openid),
    })
  },
})

/** Newest first, as the pages of a conversation are read. */
async function* allLines(ctx: Core, account: Account, openid: string): AsyncGenerator<ConversationLine[]> {
  let before: number | undefined
  do {
    const lines = await linesOf(ctx.db, account, openid, { before, limit: 500 })
    yield lines.toReversed()
    before = lines.find(line => line.id !== null)?.id ?? undefined
  } while (before !== undefined)
}

function cellsOf(line: LineView, openid: string): (string | Date | null)[] {
  const who = line.isFromFollower ? openid : line.actorName || line.actor
  const said = [line.text, line.title, line.description, line.url].filter(Boolean).join('\n')
  return [line.at, who, line.kind, said, line.state, line.reason]
}

/** Names a person by the name in the address book, as long as there is one. */
function namer(members: Members) {
  return (userId: string) => (userId === '' ? '' : (members.byKey(userKey(userId))?.name ?? userId))
}

function viewer(members: Members, visitorId: number | undefined) {
  const personOf = (id: number | null) => {
    const member = id === null ? undefined : members.byId(id)
    return member && isListed(member) ? { userId: member.userId, name: member.name } : null
  }
  return ({ memberId, assignedMember, nickname, remark, ...row }: Conversation): ConversationView => {
    const member = personOf(memberId)
    return {
      ...row,
      name: remark || nickname || member?.name || '',
      member,
      assigned: personOf(assignedMember),
      isMine: assignedMember !== null && assignedMember === visitorId,
    }
  }
}
