import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { optionalInteger, optionalText, structured, text } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { CustomMessage } from '../../../upstream/official/calls/custom.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { openid, originalId } from './conversation-calls.ts'
import type { Needs as ConversationNeeds } from './conversations.ts'
import { quickReplyForm, removeQuickReply, saveQuickReply } from './quick-replies.ts'
import { quickRepliesOf } from './quick-reply-store.ts'
import { say, type } from './say.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** A picture or a voice message is a stored file. */
const messageSchema = Type.Union([
  Type.Object({ type: Type.Literal('text'), content: Type.String() }),
  Type.Object({ type: Type.Literal('image'), hash }),
  Type.Object({ type: Type.Literal('voice'), hash }),
  Type.Object({
    type: Type.Literal('news'),
    title: Type.String(),
    description: Type.String(),
    picUrl: Type.String(),
    url: Type.String(),
  }),
])

export const sayCall = pageCall({
  method: 'POST',
  path: '/web/official/conversation/say',
  point: 'conversation:answer',
  access,
  directory: true,
  input: {
    originalId,
    openid,
    requestId: text('同一条消息再次提交时相同', { max: 64 }),
    message: structured('消息', messageSchema),
  },
  output: Type.Object({ sendId: Type.Number() }),
  async handle(ctx: ConversationNeeds & Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const message = customMessage(input.message)
    const { requestId } = input
    return say(ctx, visitor, account, { openid: input.openid, requestId, message })
  },
})

type MessageInput = Static<typeof messageSchema>

/** A stored file is named in place of WeChat's media_id, which is asked for when the message goes out. */
function customMessage(message: MessageInput): CustomMessage {
  return 'hash' in message ? { type: message.type, mediaId: `file:${message.hash}` } : message
}

export const typingCall = pageCall({
  method: 'POST',
  path: '/web/official/conversation/typing',
  point: 'conversation:answer',
  access,
  input: { originalId, openid },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await type(accountFor(ctx, visitor, corpId, input.originalId), input.openid)
    return {}
  },
})

export const listQuickReplies = pageCall({
  method: 'GET',
  path: '/web/official/quick-replies',
  point: 'conversation:read',
  access,
  input: { originalId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Number(),
        shortcut: Type.String(),
        content: Type.String(),
        version: Type.String(),
      }),
    ),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const rows = await quickRepliesOf(ctx.db, accountFor(ctx, visitor, corpId, input.originalId))
    return { list: rows.map(row => ({ ...row, version: versionOf(quickReplyForm(row)) })) }
  },
})

export const saveQuickReplyCall = pageCall({
  method: 'POST',
  path: '/web/official/quick-replies/save',
  point: 'conversation:answer',
  access,
  input: {
    originalId,
    id: optionalInteger('修改哪一条；新增时为空', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    shortcut: text('快捷码', { max: 64 }),
    content: text('内容', { max: 2048, lines: true }),
    version: optionalText('打开表单时的版本', { max: 64 }),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { id: await saveQuickReply(ctx, visitor.actor, account, input, input.version) }
  },
})

export const removeQuickReplyCall = pageCall({
  method: 'POST',
  path: '/web/official/quick-replies/remove',
  point: 'conversation:answer',
  access,
  input: { originalId, id: requiredId('编号') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await removeQuickReply(ctx, visitor.actor, accountFor(ctx, visitor, corpId, input.originalId), input.id)
    return {}
  },
})
