import { Type } from 'typebox'
import { endpoint } from '../endpoint.ts'
import { ApiError } from '../errors.ts'
import { choice, optionalChoice, optionalIds, optionalText, text, texts } from '../input.ts'
import { emailContent, limits, wecomContent } from './content.ts'
import { type SendAnswer, submit } from './messages.ts'
import { findOwn, recall, statusOf } from './status.ts'

const receivers = {
  toUser: optionalIds('成员 ID 列表，| 分隔，最多 1000；@all 为全部', { max: 1000 }),
  toParty: optionalIds('部门 ID 列表，| 分隔', { max: 1000 }),
  toTag: optionalIds('标签 ID 列表，| 分隔', { max: 1000 }),
}
const requestId = optionalText('幂等号：24 小时内相同的 requestId 只发送一次', { max: 64 })

const sendOutput = Type.Object({
  msgId: Type.String({ description: '消息 id，用于查询和撤回' }),
  status: Type.String({
    description: 'sent 已发出；queued 排队中；failed 无人可达；unknown 无法确认是否送达',
  }),
  invaliduser: Type.String({ description: '无效的用户，| 分隔' }),
  invalidparty: Type.String({ description: '无效的部门，| 分隔' }),
  invalidtag: Type.String({ description: '无效的标签，| 分隔' }),
  truncated: Type.Optional(Type.Array(Type.String(), { description: '因企业微信长度限制被截断的字段' })),
})
const sample: SendAnswer = {
  msgId: 'mZ3k9w…',
  status: 'sent',
  invaliduser: 'lisi',
  invalidparty: '',
  invalidtag: '',
}

export const sendMessage = endpoint({
  methods: ['POST'],
  path: '/api/message/send',
  section: '5.1',
  summary: '发送消息通知',
  description:
    'toUser、toParty、toTag 至少填一个。sendType 0 为企业微信消息，2 为邮件。接受的消息不会丢失，也不会重复发送；企业微信超过 2 秒未应答或不可用时返回 status: queued，24 小时内重试。超过 2048 字节的文本拆成带编号的多条；卡片的标题、内容超长时截断，并在 truncated 中说明。',
  access: { by: 'developer', scope: 'message:send' },
  input: {
    ...receivers,
    sendType: choice('发送方式：0-消息；2-邮件', ['0', '2']),
    msgType: optionalChoice('消息类型：01-文本卡片；02-图文；03-文本。发送方式为 0 时必填', [
      '01',
      '02',
      '03',
    ]),
    agentName: text('发起方应用名称', { max: 32 }),
    agentId: optionalText('接收方应用 id，不填则由消息中心发送', { max: 64 }),
    title: optionalText('标题，自动加上【应用名称】前缀；文本消息可不填', { max: 1000 }),
    content: text('内容', { max: limits.mail, lines: true }),
    url: optionalText('跳转链接，文本消息与邮件可不填', { max: 4096 }),
    btntxt: optionalText('按钮文字，默认为详情', { max: 100 }),
    picUrl: optionalText('图文消息图片 url，图文消息必传', { max: 4096 }),
    requestId,
  },
  output: sendOutput,
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'messageCentre'],
  sample,
  async handle(ctx, { input, developer }) {
    const common = {
      receivers: { toUser: input.toUser, toParty: input.toParty, toTag: input.toTag },
      agentName: input.agentName,
      agentId: input.agentId,
      templateId: undefined,
      requestId: input.requestId,
    }
    if (input.sendType === '2') {
      return submit(ctx, developer, {
        ...common,
        channel: 'email',
        content: emailContent(input),
        truncated: [],
      })
    }
    if (!input.msgType) throw new ApiError('missingParameter', 'msgType')
    return submit(ctx, developer, { ...common, channel: 'wecom', ...wecomContent(input.msgType, input) })
  },
})

export const sendSms = endpoint({
  methods: ['POST'],
  path: '/api/message/sms',
  section: '5.2',
  summary: '发送短信通知',
  description: 'params 按模板变量的顺序给出。没有手机号或被运营商拒绝的成员在 invaliduser 中列出。',
  access: { by: 'developer', scope: 'sms:send' },
  input: {
    ...receivers,
    templateId: text('短信模板 ID', { max: 64 }),
    params: texts('短信模板变量，例如 ["666666","5"]', { max: 20, length: 500 }),
    agentName: text('发起方应用名称', { max: 32 }),
    requestId,
  },
  output: sendOutput,
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'messageCentre'],
  sample,
  async handle(ctx, { input, developer }) {
    const template = ctx.messageSettings.of(developer.corpId).templates.get(input.templateId)
    if (ctx.messageSettings.of(developer.corpId).sms && !template) {
      throw new ApiError('badParameter', `没有短信模板 ${input.templateId}`)
    }
    if (template && template.params.length !== input.params.length) {
      throw new ApiError(
        'badParameter',
        `params 应有 ${template.params.length} 个变量，收到 ${input.params.length} 个`,
      )
    }
    return submit(ctx, developer, {
      channel: 'sms',
      receivers: { toUser: input.toUser, toParty: input.toParty, toTag: input.toTag },
      content: { kind: 'sms', templateId: input.templateId, params: input.params },
      truncated: [],
      agentName: input.agentName,
      agentId: undefined,
      templateId: input.templateId,
      requestId: input.requestId,
    })
  },
})

const count = Type.Integer()

export const messageStatus = endpoint({
  methods: ['GET'],
  path: '/api/message/status',
  section: 'wisp',
  summary: '查询消息状态',
  access: { by: 'developer', scope: 'message:send' },
  input: { msgId: text('消息 id', { max: 64 }) },
  output: Type.Object({
    msgId: Type.String(),
    status: Type.String(),
    channel: Type.String(),
    createdAt: Type.String(),
    recalledAt: Type.String(),
    heldUntil: Type.String({ description: '因频率限制推迟到的时间' }),
    receivers: Type.Object({
      total: count,
      sent: count,
      waiting: count,
      failed: count,
      unknown: count,
      cancelled: count,
    }),
    attempts: Type.Array(
      Type.Object({ at: Type.String(), ms: count, outcome: Type.String(), answer: Type.String() }),
    ),
    failed: Type.Array(Type.Object({ userId: Type.String(), reason: Type.String(), state: Type.String() })),
  }),
  errors: [],
  sample: {
    msgId: 'mZ3k9w…',
    status: 'sent',
    channel: 'wecom',
    createdAt: '2026-11-25T02:00:00.000Z',
    recalledAt: '',
    heldUntil: '',
    receivers: { total: 2, sent: 1, waiting: 0, failed: 1, unknown: 0, cancelled: 0 },
    attempts: [{ at: '2026-11-25T02:00:00.020Z', ms: 38, outcome: 'sent', answer: 'msgid-1' }],
    failed: [{ userId: 'lisi', reason: '企业微信：成员无效或不在应用可见范围内', state: 'failed' }],
  },
  handle: async (ctx, { input, developer }) => statusOf(ctx, await findOwn(ctx, developer, input.msgId)),
})

export const recallMessage = endpoint({
  methods: ['POST'],
  path: '/api/message/recall',
  section: 'wisp',
  summary: '撤回消息',
  description: '撤回尚未发出的部分，以及 24 小时内已发出的企业微信消息。',
  access: { by: 'developer', scope: 'message:send' },
  input: { msgId: text('消息 id', { max: 64 }) },
  output: Type.Object({ recalled: count, unrecalled: count }),
  errors: ['upstream', 'messageCentre'],
  sample: { recalled: 1, unrecalled: 0 },
  handle: async (ctx, { input, developer }) =>
    recall(ctx, await findOwn(ctx, developer, input.msgId), `developer:${developer.devId}`),
})
