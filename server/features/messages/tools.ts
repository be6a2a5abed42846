import type { Caller } from '../../platform/http/caller.ts'
import type { Tool } from '../../platform/manifest/tool.ts'
import { previewOf } from './accept/foresee/preview-send.ts'
import { type NotifyNeeds, previewNotice } from './accept/notify.ts'
import { messageStatus, sendMessage } from './api.ts'
import { noticeOf, notifyCall } from './notify-call.ts'
import { findByRequest } from './parts/store.ts'
import { whyCall } from './why-call.ts'

type Needs = NotifyNeeds

const wasMade = async (
  { db }: Needs,
  { corpId, devId }: Pick<Caller, 'corpId' | 'devId'>,
  requestId: string,
) => (await findByRequest(db, { corpId, devId, requestId })) !== undefined

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
      wasMade,
    },
    inputs: Object.keys(sendMessage.input),
  },
  {
    name: 'notify',
    title: { zh: '按消息类型发送', en: 'Send by a message type' },
    description: {
      zh: '按消息类型的模板发送，只给变量。先不带 confirm 调用：只返回每份内容、渠道、人数和一个 requestId，什么都不发送；请用户确认后，在 10 分钟内以同样的参数加上该 requestId 和 confirm: true 再次调用。',
      en: 'Sends by the templates of a message type, with variables only. Call it without confirm first: it answers each text, its channel, to how many people, and a requestId, and sends nothing. When the user has agreed, call it again within 10 minutes with the same arguments, that requestId and confirm: true.',
    },
    endpoint: notifyCall,
    confirmed: {
      async preview(ctx, developer, given) {
        return { sent: false, ...(await previewNotice(ctx, developer, noticeOf(given))) }
      },
      wasMade,
    },
    inputs: Object.keys(notifyCall.input),
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
  {
    name: 'why_message',
    title: { zh: '为什么收到或没有收到', en: 'Why a person got a message' },
    description: {
      zh: '查询自己发出的一条消息对一个人做过的决定与结果，按时间先后：为什么等待、不发，通过哪个渠道。不含正文。',
      en: 'What was decided about a message that this developer sent, for one person, and what came of it, in order of time: why it waits or is not sent, and by which channel. Never the text.',
    },
    endpoint: whyCall,
    inputs: Object.keys(whyCall.input),
  },
]
