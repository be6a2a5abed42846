import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { flag, optionalText } from '../../platform/http/input.ts'
import { cancel } from './fate/cancel.ts'

export const cancelMessage = endpoint({
  methods: ['POST'],
  path: '/api/message/cancel',
  section: 'wisp',
  summary: { zh: '取消尚未发出的消息', en: 'Cancel what has not left' },
  description: {
    zh: '填 msgId，或业务编号 about（按类型发送的另填 type）。尚未发出的不再发；recall 为 1 时，同时撤回 24 小时内已发出、可以撤回的企业微信消息。重复调用没有影响。',
    en: 'Give msgId, or about (with type for what was sent by a type). What has not left does not leave any more; with recall 1, WeCom messages that left within 24 hours are recalled where they can be. Calling it again changes nothing.',
  },
  access: { by: 'developer', scope: 'message:send' },
  input: {
    msgId: optionalText({ zh: '消息 id', en: 'Id of the message' }, { max: 64 }),
    type: optionalText({ zh: '消息类型的 key', en: 'Key of the message type' }, { max: 64 }),
    about: optionalText({ zh: '业务编号', en: 'Number of the matter' }, { max: 64 }),
    recall: flag({ zh: '1：已发出的也撤回', en: '1: what has left is recalled, too' }),
  },
  oneOf: [['msgId'], ['about']],
  logged: ['msgId', 'type', 'about', 'recall'],
  output: Type.Object({
    cancelled: Type.Integer({
      about: {
        zh: '取消了多少：等待中的按人数，已排队的按条数',
        en: 'How much was cancelled: persons who waited, parts that were queued',
      },
    }),
    recalled: Type.Integer({ about: { zh: '撤回的条数', en: 'How many parts were recalled' } }),
    left: Type.Integer({
      about: { zh: '已发出、没有撤回的条数', en: 'How many parts have left and stay' },
    }),
  }),
  errors: ['upstream', 'messageCentre'],
  sample: { cancelled: 1, recalled: 0, left: 0 },
  sampleInput: { msgId: '{msgId}' },
  handle: (ctx: Core & { corps: Corps }, { input, developer }) => cancel(ctx, developer, input, input.recall),
})
