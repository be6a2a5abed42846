import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  optionalChoice,
  optionalStructured,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { sendChecked } from '../templates/sends/send-checked.ts'
import { openidOf } from '../templates/sends/send-store.ts'
import { templateKinds } from '../templates/templates.ts'
import { accountOf, notLinked, originalIdField } from './reach.ts'

type Needs = Core & { accounts: Accounts; mirrors: Mirrors }

const value = Type.String({ maxLength: 1000 })

export const sendTemplate = endpoint({
  methods: ['POST'],
  path: '/api/official/template/send',
  section: 'wisp',
  summary: { zh: '发送模板消息或订阅通知', en: 'Send a template or subscription message' },
  description: {
    zh: '向一个粉丝发送模板消息（已认证服务号）或订阅通知（对方须已订阅）。openid 与 userId 填一个；userId 为已绑定该公众号的成员。种类由模板决定；填了 kind 而不符时返回 1000。刚在微信后台添加的模板会自动同步。字段按类型校验（1000），微信的拒绝为 1011。相同的 requestId 只发送一次：结果不明时返回 unknown，模板消息可在 10 分钟内用相同的 requestId 重试，微信会去重；订阅通知不会重发。',
    en: 'Sends a template message (verified service accounts) or a subscription message (to who subscribed) to one follower. Give openid or userId; userId is a linked member. The template decides the kind; another kind gives 1000. A template that was just added at WeChat is found by itself. Fields are checked by their type (1000); what WeChat refuses is 1011. The same requestId sends once: when the result is unclear it is unknown, and a template message may be repeated within 10 minutes with the same requestId, which WeChat recognises; a subscription message is not repeated.',
  },
  access: { by: 'developer', scope: 'official:write' },
  directory: true,
  input: {
    originalId: originalIdField,
    openid: optionalText({ zh: '粉丝的 OpenID', en: 'openid of the follower' }, { max: 64 }),
    userId: optionalText(
      { zh: '已绑定该公众号的成员 ID', en: 'userId of a member who is linked' },
      { max: 64 },
    ),
    templateId: text({ zh: '模板 ID', en: 'Id of the template' }, { max: 128 }),
    kind: optionalChoice(
      { zh: 'template-模板消息；subscribe-订阅通知', en: 'template or subscribe' },
      templateKinds,
    ),
    data: structured(
      {
        zh: '各字段的值，例如 {"thing1":"季度例会"} 或 {"thing1":{"value":"季度例会"}}',
        en: 'What goes into the fields, such as {"thing1":"Meeting"} or {"thing1":{"value":"Meeting"}}',
      },
      Type.Record(Type.String({ maxLength: 64 }), Type.Union([value, Type.Object({ value })])),
    ),
    url: optionalText({ zh: '跳转链接', en: 'Where it leads' }, { max: 2048 }),
    miniProgram: optionalStructured(
      { zh: '跳转的小程序，优先于 url', en: 'Mini-program to open, before url' },
      Type.Object({
        appId: Type.String({ minLength: 1, maxLength: 64 }),
        path: Type.String({ maxLength: 1024 }),
      }),
    ),
    requestId: optionalText(
      { zh: '幂等号：相同的 requestId 只发送一次', en: 'Idempotency key: sent once for the same requestId' },
      { max: 64 },
    ),
  },
  logged: ['originalId', 'userId', 'templateId', 'kind', 'requestId'],
  output: Type.Object({
    status: Type.String({
      about: {
        zh: 'sent 微信已接收；unknown 无法确认；sending 相同 requestId 的请求仍在发送',
        en: 'sent: WeChat took it; unknown: nobody knows; sending: a request with the same requestId is under way',
      },
    }),
    kind: Type.String({ about: { zh: 'template 或 subscribe', en: 'template or subscribe' } }),
    msgId: Type.String({
      about: { zh: '微信的 msgid；订阅通知没有', en: 'msgid of WeChat; none for subscription messages' },
    }),
  }),
  errors: ['unknownMember', 'forbidden', 'upstream'],
  sample: { status: 'sent', kind: 'template', msgId: '4287192330817470465' },
  sampleInput: {
    originalId: '{originalId}',
    userId: '{receiver}',
    templateId: '{templateId}',
    data: '{templateData}',
    requestId: '{unique}',
  },
  async handle(ctx: Needs, { input, developer }) {
    const account = accountOf(ctx, developer, input.originalId)
    const openid = await receiverOf(ctx, developer, account, input)
    const { templateId, kind, url = '', miniProgram, requestId } = input
    const values = Object.fromEntries(
      Object.entries(input.data).map(([name, one]) => [name, typeof one === 'string' ? one : one.value]),
    )
    const key = `${developer.devId} ${requestId ?? ctx.newId()}`
    const given = { openid, templateId, kind, values, url, miniProgram }
    const { state, ...sent } = await sendChecked(ctx, account, given, { origin: 'api', key })
    return { status: state, ...sent }
  },
})

type Receiver = { openid: string | undefined; userId: string | undefined }

/** Throws 1000 or 1001 for none or two receivers, and 1007 for a member who is unknown or no follower. */
async function receiverOf(
  ctx: Needs,
  developer: Caller,
  account: Account,
  { openid, userId }: Receiver,
): Promise<string> {
  if (openid && userId)
    throw new ApiError('badParameter', {
      zh: 'openid 与 userId 只能填一个',
      en: 'give either openid or userId, not both',
    })
  if (openid) return openid
  if (!userId)
    throw new ApiError('missingParameter', {
      zh: 'openid 与 userId 须填一个',
      en: 'openid or userId is needed',
    })
  const core = (await namedMembers(ctx, viewOf(ctx, developer), [userId])).get(userId)
  if (!core) throw new ApiError('unknownMember', told`${userId}`)
  const found = await openidOf(ctx.db, account, core.id)
  if (!found) throw notLinked(userId, account)
  return found
}
