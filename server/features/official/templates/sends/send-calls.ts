import { Type } from 'typebox'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { choice, optionalText, structured, text } from '../../../../platform/http/input.ts'
import { pageOf, paging, several } from '../../../../platform/http/list-input.ts'
import { time } from '../../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { type Language, languageOf } from '../../../../platform/words.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { sendReasonWords } from '../../sends/reason.ts'
import { checkValues, previewLosses, previewOf } from '../fields.ts'
import { blockedOf, templateKinds, templateOf } from '../templates.ts'
import { sendTest } from './send-checked.ts'
import { listSends, type ShownSend } from './send-store.ts'
import { statusWords } from './status-words.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const templateId = text('模板 ID', { max: 128 })
const values = structured(
  '各字段的值',
  Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 1000 })),
)

/** What the follower would see, and why WeChat would refuse it. */
export const previewTemplate = pageCall({
  method: 'POST',
  path: '/web/official/templates/preview',
  point: 'official:content',
  access,
  input: { originalId, templateId, values },
  output: Type.Object({
    title: Type.String(),
    rows: Type.Array(
      Type.Object({
        name: Type.String(),
        label: Type.String(),
        value: Type.String(),
        loses: Type.Array(Type.Enum(previewLosses)),
      }),
    ),
    /** '' when it can be sent. */
    fault: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const template = await templateOf(ctx, account, input.templateId)
    let fault = ''
    try {
      checkValues(template, input.values)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      fault = error.reasonIn(languageOf(request.headers['accept-language']))
    }
    return { title: template.title, rows: previewOf(template, input.values), fault }
  },
})

export const testTemplate = pageCall({
  method: 'POST',
  path: '/web/official/templates/test',
  point: 'official:content',
  access,
  outgoing: true,
  input: {
    originalId,
    templateId,
    kind: choice('种类：template-模板消息；subscribe-订阅通知', templateKinds),
    openid: text('粉丝的 OpenID', { max: 64 }),
    values,
    url: optionalText('跳转链接', { max: 2048 }),
  },
  output: Type.Object({ state: Type.Enum(['sent', 'sending', 'unknown']) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { originalId: id, url = '', ...given } = input
    const account = accountFor(ctx, visitor, corpId, id)
    return { state: (await sendTest(ctx, visitor.actor, account, { ...given, url })).state }
  },
})

const states = ['sending', 'sent', 'delivered', 'blocked', 'failed', 'unknown'] as const

export const listTemplateSends = pageCall({
  method: 'GET',
  path: '/web/official/templates/sends',
  point: 'official:read',
  access,
  input: {
    originalId,
    templateId: optionalText('模板 ID', { max: 128 }),
    state: several('状态', states),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Number(),
        openid: Type.String(),
        memberName: Type.Union([Type.String(), Type.Null()]),
        templateId: Type.String(),
        kind: Type.Enum(templateKinds),
        origin: Type.Enum(['api', 'test', 'message']),
        state: Type.Enum(states),
        reason: Type.String(),
        createdAt: time,
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const { templateId: of, state } = input
    const filter = { ...(of ? { templateId: of } : {}), ...(state ? { state } : {}) }
    const { list, total } = await listSends(ctx.db, account, { ...filter, ...pageOf(input) })
    return { list: list.map(one => ({ ...one, reason: reasonIn(language, one) })), total }
  },
})

function reasonIn(language: Language, { state, reason, status }: ShownSend): string {
  if (state === 'blocked') return statusWords(status ?? '')[language]
  return reason && state !== 'delivered' ? sendReasonWords(reason)[language] : ''
}

export const blockedTemplateMessages = pageCall({
  method: 'GET',
  path: '/web/official/templates/blocked',
  point: 'conversation:read',
  access,
  input: { originalId, templateId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({ id: Type.String(), openid: Type.String(), content: Type.String(), sentAt: time }),
    ),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { list: await blockedOf(ctx, account, input.templateId) }
  },
})
