import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/http/words.ts'
import { findOfCorp } from '../fate/status.ts'
import { receiverOf, whyOf, whyView, whyViewSchema } from '../fate/why.ts'

export const messageWhy = pageCall({
  method: 'GET',
  path: '/web/messages/why',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId: text('消息 id', { max: 64 }), userId: text('成员 userId', { max: 128 }) },
  output: whyViewSchema,
  async handle(ctx: Core & { mirrors: Mirrors }, { input, corpId, request }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const receiver = receiverOf(ctx, corpId, input.userId)
    const language = languageOf(request.headers['accept-language'])
    return whyView(await whyOf(ctx, message, receiver, language), language)
  },
})
