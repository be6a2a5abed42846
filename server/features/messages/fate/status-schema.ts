import { Type } from 'typebox'
import { channelNames } from '../channels/channels.ts'

const count = Type.Integer()

/** What /api/message/status answers. */
export const statusSchema = Type.Object({
  msgId: Type.String({ about: { zh: '消息 id', en: 'Id of the message' } }),
  status: Type.String({ about: { zh: '消息的状态', en: 'State of the message' } }),
  channel: Type.String({
    about: { zh: `渠道：${channelNames.join('、')}`, en: `Channel: ${channelNames.join(', ')}` },
  }),
  createdAt: Type.String({ about: { zh: '接受的时间', en: 'Accepted at' } }),
  recalledAt: Type.String({
    about: { zh: '撤回的时间；没有则为空', en: 'Recalled at; empty if it was not' },
  }),
  heldUntil: Type.String({
    about: { zh: '因频率限制推迟到的时间', en: 'Held until then because of a rate limit' },
  }),
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
})

export const sampleStatus = {
  msgId: 'mZ3k9w…',
  status: 'sent',
  channel: 'wecom',
  createdAt: '2026-11-25T02:00:00.000Z',
  recalledAt: '',
  heldUntil: '',
  receivers: { total: 2, sent: 1, waiting: 0, failed: 1, unknown: 0, cancelled: 0 },
  attempts: [{ at: '2026-11-25T02:00:00.020Z', ms: 38, outcome: 'sent', answer: 'msgid-1' }],
  failed: [{ userId: 'lisi', reason: '成员已禁用', state: 'failed' }],
}
