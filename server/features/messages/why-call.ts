import { listedMember } from '../../organisation/directory/read/view.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { text } from '../../platform/http/input.ts'
import { languageOf } from '../../platform/words.ts'
import { whyOfReceiver } from './console/why-receiver.ts'
import { findOwn } from './fate/status.ts'
import { sampleWhy, whySchema } from './fate/why.ts'
import type { WaitingNeeds } from './waiting/open-call.ts'

export const whyCall = endpoint({
  methods: ['GET'],
  path: '/api/message/why',
  section: 'wisp',
  summary: { zh: '查询一个人为什么收到或没有收到', en: 'Get why a person got a message or did not' },
  description: {
    zh: '自己发出的一条消息对一个人做过的决定与结果，按时间先后：为什么等待（批准、免打扰、合并发送）、为什么不发（未获批准、本人关闭、频率、过期）、通过哪个渠道、上游说了什么。不含正文。不是接收人时返回 1000，不在数据范围内的成员返回 1007。',
    en: 'What was decided about one message of yours for one person and what came of it, in order of time: why it waits (approval, quiet hours, digest), why it is not sent (refused, switched off by the person, limit, expiry), by which channel, and what upstream said. It never has the text. Somebody who is no receiver is 1000, a member out of your data scope 1007.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: {
    msgId: text({ zh: '消息 id', en: 'Id of the message' }, { max: 64 }),
    userId: text({ zh: '成员 ID', en: 'Id of the member' }, { max: 128 }),
  },
  logged: ['msgId', 'userId'],
  output: whySchema,
  errors: ['unknownMember'],
  sample: sampleWhy,
  sampleInput: { msgId: '{msgId}', userId: '{receiver}' },
  async handle(ctx: WaitingNeeds, { input, developer, request }) {
    const message = await findOwn(ctx, developer, input.msgId)
    const member = await listedMember(ctx, developer, input.userId)
    const language = languageOf(request.headers['accept-language'])
    return whyOfReceiver(ctx, message, member, language, developer.devId)
  },
})
