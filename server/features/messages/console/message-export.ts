import type { Developers } from '../../../callers/developers/developers.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { exporting } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Words } from '../../../platform/words.ts'
import { channelOf } from '../../channels/channels.ts'
import type { MessageState } from '../figures/message-state-store.ts'
import { allMessages } from './console-store.ts'
import { messageFilterInput, messageFilterOf } from './message-list.ts'

const heads = {
  zh: [
    '消息 ID',
    '时间',
    '渠道',
    '状态',
    '应用名称',
    '应用 ID',
    '模板',
    'devId',
    '开发者',
    '收件人数',
    '撤回时间',
  ],
  en: [
    'Message id',
    'Time',
    'Channel',
    'State',
    'Agent name',
    'Agent id',
    'Template',
    'devId',
    'Developer',
    'Receivers',
    'Recalled',
  ],
} as const

const states: Record<MessageState, Words> = {
  sent: { zh: '已发出', en: 'Sent' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  partial: { zh: '部分未送达', en: 'Some not reached' },
  failed: { zh: '未送达', en: 'Not delivered' },
  unknown: { zh: '是否送达不明', en: 'Unclear whether delivered' },
  queued: { zh: '等待发送', en: 'Waiting' },
  recalled: { zh: '已撤回', en: 'Recalled' },
}

/** The list of messages as a file, the newest first; what they say is not in it. */
export const exportMessages = pageCall({
  method: 'GET',
  path: '/web/messages/export',
  access: administrator('super'),
  point: 'message:export',
  directory: true,
  input: { ...messageFilterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Core & { developers: Developers; mirrors: Mirrors }, { input, visitor, corpId, reply }) {
    const language = input.language ?? 'zh'
    const filter = await messageFilterOf(ctx, corpId, input)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'messages', input })
    return sendCsv(reply, {
      name: 'messages',
      head: heads[language],
      chunks: allMessages(ctx.db, corpId, filter),
      cells: row => [
        row.id,
        row.createdAt,
        channelOf(row.channel).label[language],
        states[row.state][language],
        row.agentName,
        row.agentId,
        row.templateId,
        row.devId,
        ctx.developers.get(row.devId)?.name ?? '',
        row.receivers,
        row.recalledAt,
      ],
    })
  },
})
