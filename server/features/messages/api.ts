import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { optionalText, text, type Values } from '../../platform/http/input.ts'
import { languageOf } from '../../platform/words.ts'
import { channels } from '../channels/channels.ts'
import { warningsSchema } from '../channels/warnings.ts'
import { withFiles } from '../message-media/message-files.ts'
import { type SendAnswer, type Submission, sendAnswerIn } from './accept/sending.ts'
import {
  channelBySendType,
  receiverFields,
  requestIdField,
  sendFields,
  submissionOf,
} from './accept/submission.ts'
import { timingFields, timingOf } from './accept/timing.ts'
import { recall } from './fate/recall.ts'
import { findOwn, findOwnBy, statusOf } from './fate/status.ts'
import { sampleStatus, statusSchema } from './fate/status-schema.ts'
import type { WaitingNeeds } from './waiting/open-call.ts'
import { send } from './waiting/send.ts'

const sendOutput = Type.Object({
  msgId: Type.String({
    about: { zh: '消息 id，用于查询和撤回', en: 'Id of the message, for its status and recall' },
  }),
  status: Type.Enum(['sent', 'queued', 'failed', 'unknown', 'cancelled'], {
    about: {
      zh: 'sent 已发出；queued 排队中，或等待到 sendAt；failed 无人可达；unknown 无法确认是否送达；cancelled 没有发出，也不再发（同一 requestId 再次请求时）',
      en: 'sent; queued: it will leave, with sendAt then; failed: nobody can be reached; unknown: nobody knows whether it arrived; cancelled: it does not leave any more (for a requestId that is repeated)',
    },
  }),
  invaliduser: Type.String({ about: { zh: '无效的用户，| 分隔', en: 'Wrong members, separated by |' } }),
  invalidparty: Type.String({ about: { zh: '无效的部门，| 分隔', en: 'Wrong departments, separated by |' } }),
  invalidtag: Type.String({ about: { zh: '无效的标签，| 分隔', en: 'Wrong tags, separated by |' } }),
  invalidgroup: Type.Optional(
    Type.String({
      about: {
        zh: '没有或不在数据范围中的人群，| 分隔；只在填写 toGroup 时有',
        en: 'Groups that do not exist or are outside the data scope, separated by |; with toGroup alone',
      },
    }),
  ),
  invalidrobot: Type.Optional(
    Type.String({
      about: {
        zh: '没有或无权使用的群机器人，| 分隔；只在发送方式为 5 时有',
        en: 'Group robots that do not exist or may not be used, separated by |; with sendType 5 alone',
      },
    }),
  ),
  invalidchat: Type.Optional(
    Type.String({
      about: {
        zh: '没有或无权使用的群聊，| 分隔；只在发送方式为 4 时有',
        en: 'Group chats that do not exist or may not be used, separated by |; with sendType 4 alone',
      },
    }),
  ),
  truncated: Type.Optional(
    Type.Array(Type.String(), {
      about: { zh: '因长度限制被截断的字段', en: 'Fields that were cut because of their length' },
    }),
  ),
  warnings: Type.Optional(warningsSchema),
})
/** How many names there are in `zhangsan|lisi`. */
const namesIn = (joined: string) => (joined === '' ? 0 : joined.split('|').length)
const refusedIn = ({ invaliduser, invalidparty, invalidtag, ...places }: SendAnswer) =>
  [
    invaliduser,
    invalidparty,
    invalidtag,
    places.invalidgroup,
    places.invalidrobot,
    places.invalidchat,
  ].reduce((sum, ids) => sum + namesIn(ids ?? ''), 0)

/** The submission with what its caller said of its time; that of the others stays as it is, as does what recognises it. */
function timed(submission: Submission, input: Values<typeof timingFields>): Submission {
  const timing = timingOf(input)
  return timing ? { ...submission, timing } : submission
}

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
  summary: { zh: '发送消息通知', en: 'Send a message' },
  description: {
    zh: 'toUser、toParty、toTag、toGroup 至少填一个。sendType 4 为群聊（toChat）、5 为群机器人（toRobot），不填这四项。sendType 0 为企业微信消息，2 为邮件，3 为公众号的模板消息或订阅通知（只发给已绑定公众号的粉丝，其他人在 invaliduser 中，无人绑定时返回 1007；按公众号设置的对应关系填入模板，title 与 url 可不填）。接受的消息不会丢失，也不会重复发送；企业微信超过 2 秒未应答或不可用时返回 status: queued，24 小时内重试。超过 2048 字节的文本拆成带编号的多条；卡片的标题、内容超长时截断，并在 truncated 中说明。msgType 为 04 时发送成员可以直接点击、选择、投票的卡片：card 为企业微信的 template_card（五种 card_type，字段名不变，不含 task_id），不需要 title、content、url，详见指南「可回答的卡片」。msgType 为 06、07、08 时发送 message/media 上传的图片、文件、视频，邮件用 attachments。',
    en: "At least one of toUser, toParty, toTag and toGroup; sendType 4 is group chats (toChat) and 5 group robots (toRobot), which take none of these. sendType 0 is a WeCom message, 2 mail, 3 a template or subscription message of an official account (to members linked to a follower only; others are in invaliduser, and 1007 when nobody is linked; the template is filled as the account says, title and url may be left out). An accepted message is neither lost nor sent twice; when WeCom does not answer within 2 seconds or is down, status is queued, and it is tried for 24 hours. Texts above 2048 bytes become several numbered messages; titles and contents of cards that are too long are cut, and named in truncated. With msgType 04 it is a card that members press, choose and vote on: card is WeCom's template_card (five kinds, in its own field names, without task_id); title, content and url are not needed; see the guide Interactive cards. msgType 06, 07 and 08 send a picture, a file or a video that message/media has taken; a mail takes attachments.",
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: sendFields,
  oneOf: [['toUser'], ['toParty'], ['toTag'], ['toGroup'], ['toRobot'], ['toChat']],
  logged: [
    'toUser',
    'toParty',
    'toTag',
    'toGroup',
    'toRobot',
    'toChat',
    'sendType',
    'sendAt',
    'expiresAt',
    'about',
    'requestId',
  ],
  output: sendOutput,
  refusedIn,
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'unknownDeveloper', 'messageCentre'],
  sample,
  sampleInput: {
    toUser: ['{receiver}'],
    sendType: '0',
    msgType: '03',
    agentName: '接口文档',
    content: '这是从接口文档发出的测试消息',
    requestId: '{unique}',
  },
  async handle(ctx: WaitingNeeds, { input, developer, request }): Promise<SendAnswer> {
    const given = await withFiles(ctx, developer, input)
    const submission = submissionOf(ctx, developer.corpId, channelBySendType(input.sendType), given)
    const language = languageOf(request.headers['accept-language'])
    return sendAnswerIn(language, await send(ctx, developer, timed(submission, input)))
  },
})

export const sendSms = endpoint({
  methods: ['POST'],
  path: '/api/message/sms',
  section: '5.2',
  summary: { zh: '发送短信通知', en: 'Send an SMS' },
  description: {
    zh: 'params 按模板变量的顺序给出。没有手机号或被运营商拒绝的成员在 invaliduser 中列出。',
    en: 'params are in the order of the template. Members without a mobile number or refused by the operator are in invaliduser.',
  },
  access: { by: 'developer', scope: 'sms:send' },
  directory: true,
  input: { ...receiverFields, ...channels.sms.fields, ...timingFields, requestId: requestIdField },
  oneOf: [['toUser'], ['toParty'], ['toTag'], ['toGroup']],
  logged: ['toUser', 'toParty', 'toTag', 'toGroup', 'sendAt', 'expiresAt', 'about', 'requestId'],
  output: sendOutput,
  refusedIn,
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'messageCentre'],
  sample,
  sampleInput: {
    toUser: ['{receiver}'],
    templateId: '{smsTemplateId}',
    params: '{smsParams}',
    agentName: '接口文档',
    requestId: '{unique}',
  },
  async handle(ctx: WaitingNeeds, { input, developer, request }): Promise<SendAnswer> {
    const submission = submissionOf(ctx, developer.corpId, 'sms', input)
    const language = languageOf(request.headers['accept-language'])
    return sendAnswerIn(language, await send(ctx, developer, timed(submission, input)))
  },
})

export const messageStatus = endpoint({
  methods: ['GET'],
  path: '/api/message/status',
  section: 'wisp',
  summary: { zh: '查询消息状态', en: 'Get what became of a message' },
  description: {
    zh: '填 msgId，或发送时自己的 requestId：发送的应答丢失时，可用它查询消息是否已被接受。',
    en: 'Give msgId, or the requestId of your send, which tells whether the message was accepted when the answer was lost.',
  },
  access: { by: 'developer', scope: 'message:send' },
  input: {
    msgId: optionalText({ zh: '消息 id', en: 'Id of the message' }, { max: 64 }),
    requestId: optionalText({ zh: '发送时的 requestId', en: 'The requestId of the send' }, { max: 64 }),
  },
  oneOf: [['msgId'], ['requestId']],
  logged: ['msgId', 'requestId'],
  output: statusSchema,
  errors: [],
  sample: sampleStatus,
  sampleInput: { msgId: '{msgId}' },
  async handle(ctx: Core, { input, developer, request }) {
    const message = await findOwnBy(ctx, developer, input)
    return statusOf(ctx, message, languageOf(request.headers['accept-language']))
  },
})

export const recallMessage = endpoint({
  methods: ['POST'],
  path: '/api/message/recall',
  section: 'wisp',
  summary: { zh: '撤回消息', en: 'Recall a message' },
  description: {
    zh: '撤回尚未发出的部分，以及 24 小时内已发出的企业微信消息。',
    en: 'Recalls what has not been sent, and WeCom messages that were sent within 24 hours.',
  },
  access: { by: 'developer', scope: 'message:send' },
  input: { msgId: text({ zh: '消息 id', en: 'Id of the message' }, { max: 64 }) },
  logged: ['msgId'],
  output: Type.Object({
    recalled: Type.Integer({ about: { zh: '撤回的条数', en: 'How many parts were recalled' } }),
    unrecalled: Type.Integer({ about: { zh: '未能撤回的条数', en: 'How many parts could not be recalled' } }),
  }),
  errors: ['upstream', 'messageCentre'],
  sample: { recalled: 1, unrecalled: 0 },
  sampleInput: { msgId: '{msgId}' },
  handle: async (ctx: Core & { corps: Corps }, { input, developer }) =>
    recall(ctx, await findOwn(ctx, developer, input.msgId), `developer:${developer.devId}`),
})
