import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Tool } from '../../platform/manifest/tool.ts'
import type { Setups } from '../channels/channel.ts'
import { previewOf } from './accept/preview-send.ts'
import { messageStatus, sendMessage } from './api.ts'
import { findByRequest } from './parts/store.ts'

type Needs = Core & { corps: Corps; messageSettings: Setups; mirrors: Mirrors; offered: FeatureOffers }

export const messageTools: readonly Tool<Needs>[] = [
  {
    name: 'send_message',
    title: { zh: '发送消息', en: 'Send a message' },
    description: {
      zh: '向成员、部门或标签发送消息。先不带 confirm 调用：只返回将要发送的内容、接收人数和一个 requestId，什么都不发送；请用户确认后，在 10 分钟内以同样的参数加上该 requestId 和 confirm: true 再次调用。参数有任何改动都须重新预览。同一个 requestId 只发送一次，应答不明时可放心以同样的参数重试。',
      en: 'Sends a message to members, departments or tags. Call it without confirm first: it answers what would be sent, to how many people, and a requestId, and sends nothing. When the user has agreed, call it again within 10 minutes with the same arguments, that requestId and confirm: true. Other arguments need another preview. A requestId is sent once only, so that it is safe to try the same again after an unclear answer.',
    },
    endpoint: sendMessage,
    confirmed: {
      async preview(ctx, developer, given, language) {
        return { sent: false, ...(await previewOf(ctx, developer, given, language)) }
      },
      wasMade: async ({ db }, { corpId, devId }, requestId) =>
        (await findByRequest(db, { corpId, devId, requestId })) !== undefined,
    },
    inputs: Object.keys(sendMessage.input),
  },
  {
    name: 'get_message_status',
    title: { zh: '消息状态', en: 'Status of a message' },
    description: {
      zh: '查询自己发出的一条消息：状态、各接收人结果的人数、失败的人和原因。',
      en: 'A message that this developer sent: its status, how many people got it, and who did not and why.',
    },
    endpoint: messageStatus,
    inputs: ['msgId', 'requestId'],
  },
]
