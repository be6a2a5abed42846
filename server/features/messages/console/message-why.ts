import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/words.ts'
import { findOfCorp } from '../fate/status.ts'
import { receiverOf, whyView, whyViewSchema } from '../fate/why.ts'
import type { WaitingNeeds } from '../waiting/open-call.ts'
import { whyOfReceiver } from './why-receiver.ts'

export const messageWhy = pageCall({
  method: 'GET',
  path: '/web/messages/why',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId: text('消息 id', { max: 64 }), userId: text('成员 userId', { max: 128 }) },
  output: whyViewSchema,
  async handle(ctx: WaitingNeeds, { input, corpId, request }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const receiver = receiverOf(ctx, corpId, input.userId)
    const language = languageOf(request.headers['accept-language'])
    return whyView(await whyOfReceiver(ctx, message, receiver, language), language)
  },
})
