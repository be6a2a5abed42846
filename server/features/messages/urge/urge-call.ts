import { Type } from 'typebox'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { text } from '../../../platform/http/input.ts'
import { findOwn } from '../fate/status.ts'
import { type UrgeNeeds, urge } from './urge.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })

export const urgedSchema = Type.Object({
  msgId: Type.String(about('提醒的消息 id', 'Id of the reminder')),
  receivers: Type.Integer(about('提醒了多少人', 'How many people are reminded')),
  left: Type.Integer(
    about(
      '还有多少人没有做到、这次没有提醒（30 分钟内已提醒、已提醒 3 次，或一次超过 10000 人）',
      'How many others have not done it and are not reminded now: within the last 30 minutes, 3 times already, or beyond 10000 at a time',
    ),
  ),
})

export const urgeMessage = endpoint({
  methods: ['POST'],
  path: '/api/message/urge',
  section: 'wisp',
  summary: { zh: '催办', en: 'Urge receivers' },
  description: {
    zh: '提醒还没有点「收到」的人；消息没有要求回执时，提醒还没有打开的人。提醒是一条新消息，经企业微信或邮件中第一个能送达的渠道发出，链接到原消息。每人每条消息最多 3 次，间隔至少 30 分钟。没有可提醒的人时返回 1000 并说明原因。',
    en: 'Reminds those who have not acknowledged the message or, where it asks for no receipt, those who have not opened it. The reminder is a new message by the first of WeCom and mail that reaches each person, and leads to the message. Each person is reminded at most 3 times of one message, at least 30 minutes apart. 1000 says why when nobody can be reminded.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: { msgId: text({ zh: '消息 id', en: 'Id of the message' }, { max: 64 }) },
  logged: ['msgId'],
  output: urgedSchema,
  errors: ['messageCentre'],
  sample: { msgId: 'pQ8v2x…', receivers: 3, left: 0 },
  sampleInput: { msgId: '{msgId}' },
  async handle(ctx: UrgeNeeds, { input, developer }) {
    return urge(ctx, await findOwn(ctx, developer, input.msgId), `developer:${developer.devId}`)
  },
})
