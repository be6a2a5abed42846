import { Type } from 'typebox'
import type { Outcome } from '../../channels/channel.ts'
import { anyChannelList, anyChannelNames } from '../../channels/channels.ts'

const outcomes: Outcome['kind'][] = ['sent', 'refused', 'again', 'unsure', 'divide']

const text = (zh: string, en: string) => Type.String({ about: { zh, en } })
const count = (zh: string, en: string) => Type.Integer({ about: { zh, en } })

/** What /api/message/status answers. */
export const statusSchema = Type.Object({
  msgId: text('消息 id', 'Id of the message'),
  status: Type.Enum(['sent', 'queued', 'failed', 'unknown', 'cancelled'], {
    about: {
      zh: 'sent 已发出；queued 还有未发出的部分；failed 没有发给任何人；unknown 有的部分无法确认是否送达；cancelled 没有发出，以后也不再发',
      en: 'sent; queued: some of it has not left yet; failed: it was sent to nobody; unknown: nobody knows whether a part arrived; cancelled: it has not left, and does not any more',
    },
  }),
  waitsUntil: Type.Optional(
    text('等待发出时，最近一次发出的时间', 'While it waits: when the next of it leaves'),
  ),
  reason: Type.Optional(
    text(
      'cancelled 的原因，或等待批准、被暂停',
      'Why it is cancelled, or that it waits for approval or is paused',
    ),
  ),
  about: Type.Optional(text('业务编号，发送时填了才有', 'The about that its send gave')),
  channel: Type.Enum(anyChannelNames, {
    about: {
      zh: anyChannelList.map(([name, { label }]) => `${name} ${label.zh}`).join('；'),
      en: anyChannelList.map(([name, { label }]) => `${name}: ${label.en}`).join('; '),
    },
  }),
  type: Type.Optional(
    text('消息类型的 key；按类型发送时才有', 'Key of the message type, where it is sent by one'),
  ),
  typeVersion: Type.Optional(count('消息类型的版本', 'Version of the message type')),
  createdAt: text('接受的时间，ISO 8601', 'Accepted at, ISO 8601'),
  recalledAt: text('撤回的时间；没有则为空', 'Recalled at; empty if it was not'),
  heldUntil: text(
    '因频率限制推迟到的时间；没有则为空',
    'Held until then because of a rate limit; empty if it is not',
  ),
  receivers: Type.Object(
    {
      total: count('接收人数', 'Receivers in all'),
      sent: count('已发出', 'Sent'),
      waiting: count('等待发送', 'Waiting'),
      failed: count('发送失败', 'Failed'),
      unknown: count('无法确认是否送达', 'Nobody knows whether it arrived'),
      cancelled: count(
        '没有发出，也不再发：撤回、取消、到期、被取代',
        'Does not leave any more: recalled, cancelled, expired or replaced',
      ),
    },
    { about: { zh: '各状态的人数', en: 'How many receivers are in which state' } },
  ),
  read: count(
    '打开过的人数：在工作台登录后打开；企业微信和短信不告诉任何人',
    'How many opened it, signed in on the portal or the phone; WeCom and SMS tell nobody',
  ),
  acknowledged: count('点过「收到」的人数', 'How many acknowledged it'),
  attempts: Type.Array(
    Type.Object({
      at: text('时间，ISO 8601', 'When, ISO 8601'),
      ms: count('用时，毫秒', 'How long it took, in ms'),
      outcome: Type.Enum(outcomes, {
        about: {
          zh: 'sent 上游已接受；refused 上游拒绝；again 没有发出，稍后重试；unsure 没有得到应答，可能已送达；divide 有号码被拒，拆开重发',
          en: 'sent: accepted upstream; refused upstream; again: not sent, tried later; unsure: no answer, it may have arrived; divide: some numbers were refused, sent again in parts',
        },
      }),
      answer: text('上游的消息编号，或原因', "Upstream's id of the message, or the reason"),
    }),
    { about: { zh: '最近的发送记录', en: 'The latest attempts' } },
  ),
  failed: Type.Array(
    Type.Object({
      userId: text('用户 id', 'Id of the member'),
      reason: text('原因', 'Why'),
      state: Type.Enum(['failed', 'unknown'], {
        about: {
          zh: 'failed 发送失败；unknown 无法确认是否送达',
          en: 'failed; unknown: nobody knows whether it arrived',
        },
      }),
    }),
    { about: { zh: '没有收到的成员，最多 1000 个', en: 'Members who did not get it, at most 1000' } },
  ),
})

export const sampleStatus = {
  msgId: 'mZ3k9w…',
  status: 'sent',
  channel: 'wecom',
  createdAt: '2026-11-25T02:00:00.000Z',
  recalledAt: '',
  heldUntil: '',
  receivers: { total: 2, sent: 1, waiting: 0, failed: 1, unknown: 0, cancelled: 0 },
  read: 1,
  acknowledged: 1,
  attempts: [{ at: '2026-11-25T02:00:00.020Z', ms: 38, outcome: 'sent', answer: 'msgid-1' }],
  failed: [{ userId: 'lisi', reason: '成员已禁用', state: 'failed' }],
}
