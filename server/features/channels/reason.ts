import { counted } from '../../platform/format.ts'
import type { Words } from '../../platform/words.ts'

/** A reason of ours: its code, and the parameters that its words need. */
export type CodedReason = { readonly code: string; readonly [parameter: string]: string | number | null }

/**
 * Why something did not arrive, or what upstream answered: coded; a text that has no code, such as that of an
 * unexpected error or of a row from before reasons had codes, in both languages or in one.
 */
export type Reason = CodedReason | Words | string

/** How the reasons of a code are told: in words, and with what to do about them where the words do not say it. */
export type ReasonText = {
  words(parameters: never): Words | string
  advice?: Words | ((parameters: never) => Words | undefined)
}

/** The reasons that can be made for these tellings. */
export type ReasonOf<T extends Record<string, ReasonText>> = {
  [K in keyof T & string]: { readonly code: K } & (Parameters<T[K]['words']> extends [infer P] ? P : unknown)
}[keyof T & string]

/** The reasons that every channel may have. */
export const commonReasons = {
  recalled: { words: (): Words => ({ zh: '已撤回', en: 'recalled' }) },
  unclear: { words: (): Words => ({ zh: '无法确认是否已送达', en: 'it is unclear whether it arrived' }) },
  tooLateToRepeat: {
    words: (): Words => ({
      zh: '无法确认是否已送达，已超过上游的去重时限',
      en: 'it is unclear whether it arrived, and too late for the duplicate check',
    }),
  },
  paused: { words: (): Words => ({ zh: '节点停顿', en: 'the node stood still' }) },
  interrupted: {
    words: (): Words => ({ zh: '发送过程中服务中断', en: 'the service stopped during the call' }),
  },
  behindFailed: {
    words: (): Words => ({ zh: '前一条未发出', en: 'the piece before it did not go out' }),
  },
  restored: {
    words: (): Words => ({
      zh: '由备份恢复，无法确认是否已发出',
      en: 'restored from a backup: it is unclear whether it went out',
    }),
  },
  held: {
    words: (): Words => ({
      zh: '达到企业微信频率限制，稍后发送',
      en: 'a rate limit of WeCom is reached: it goes out later',
    }),
  },
} satisfies Record<string, ReasonText>
export type CommonReason = ReasonOf<typeof commonReasons>

const budgetWords: Record<'corp' | 'developer' | 'urgent', Words> = {
  corp: { zh: '企业本月的短信预算已用完', en: 'the SMS budget of the corp is used up for this month' },
  developer: {
    zh: '开发者本月的短信预算已用完',
    en: 'the SMS budget of the developer is used up for this month',
  },
  urgent: {
    zh: '本月的短信预算已用完，只供紧急消息的部分也已用完',
    en: 'the SMS budget is used up for this month, and so is its part for urgent messages',
  },
}

/** Why a message waits, and why what waited does not leave. */
export const waitingReasons = {
  cancelled: { words: (): Words => ({ zh: '发送方已取消', en: 'cancelled by its sender' }) },
  expired: { words: (): Words => ({ zh: '已过期', en: 'expired' }) },
  replaced: {
    words: (): Words => ({
      zh: '被业务编号相同的后一条消息取代',
      en: 'replaced by a later message with the same about',
    }),
  },
  typeRevoked: {
    words: (): Words => ({ zh: '消息类型已被停用', en: 'the message type was revoked' }),
  },
  typePaused: {
    words: (): Words => ({
      zh: '消息类型被暂停，一天后仍未恢复',
      en: 'the message type was paused, and still was a day later',
    }),
  },
  senderGone: {
    words: (): Words => ({
      zh: '开发者已停用或删除',
      en: 'the developer is disabled or deleted',
    }),
  },
  receiverGone: {
    words: (): Words => ({
      zh: '到发送时，接收人已离职或不在可发送的范围内',
      en: 'when it was due, the receiver had left or was out of reach of the developer',
    }),
  },
  refusedBy: {
    words: ({ who, why }: { who: string; why: string }): Words => ({
      zh: `${who} 没有批准：${why}`,
      en: `${who} did not approve it: ${why}`,
    }),
  },
  notApproved: {
    words: ({ days }: { days: number }): Words => ({
      zh: `${days} 天内没有人批准`,
      en: `nobody approved it within ${counted(days, 'day')}`,
    }),
  },
  endedBy: {
    words: ({ who }: { who: string }): Words => ({ zh: `${who} 结束了发送`, en: `${who} ended it` }),
  },
  pausedTooLong: {
    words: (): Words => ({
      zh: '被暂停，120 天后仍未继续',
      en: 'it was paused, and still was 120 days later',
    }),
  },
  budgetUsedUp: {
    words: ({ of }: { of: 'corp' | 'developer' | 'urgent' }): Words => budgetWords[of],
  },
  refusedWhenDue: {
    words: ({ zh, en }: { zh: string; en: string }): Words => ({
      zh: `到发送时不能发出：${zh}`,
      en: `it could not be sent when it was due: ${en}`,
    }),
  },
} satisfies Record<string, ReasonText>
export type WaitingReason = ReasonOf<typeof waitingReasons>

/** Why a send needs approval. */
export const approvalCauses = {
  manyReceivers: {
    words: ({ persons, atMost }: { persons: number; atMost: number }): Words => ({
      zh: `发给 ${persons} 人，超过 ${atMost} 人须批准`,
      en: `it goes to ${persons} people, and more than ${atMost} need approval`,
    }),
  },
  toEverybody: {
    words: (): Words => ({ zh: '发给所有人须批准', en: 'messages to everybody need approval' }),
  },
  listedWord: {
    words: ({ word }: { word: string }): Words => ({
      zh: `含有「${word}」须批准`,
      en: `texts with "${word}" need approval`,
    }),
  },
} satisfies Record<string, ReasonText>
export type ApprovalCause = ReasonOf<typeof approvalCauses>

/** What became of a send that needed approval, or was held by a person. */
export const approvalReasons = {
  awaitsApproval: { words: (): Words => ({ zh: '等待批准', en: 'waits for approval' }) },
  awaitsOther: {
    words: (): Words => ({
      zh: '等待发送人以外的超级管理员批准',
      en: 'waits for the approval of a super administrator other than its sender',
    }),
  },
  pausedByAdministrator: {
    words: (): Words => ({ zh: '管理员暂停了发送', en: 'an administrator paused it' }),
  },
  approvedBy: {
    words: ({ who }: { who: string }): Words => ({ zh: `${who} 已批准`, en: `approved by ${who}` }),
  },
  confirmedBy: {
    words: ({ who }: { who: string }): Words => ({
      zh: `发送人 ${who} 已再次确认，没有其他人可以批准`,
      en: `confirmed by its sender ${who}: nobody else could approve it`,
    }),
  },
  reviewedBy: {
    words: ({ who }: { who: string }): Words => ({
      zh: `发出后由 ${who} 复核`,
      en: `reviewed by ${who} after it left`,
    }),
  },
} satisfies Record<string, ReasonText>
export type ApprovalReason = ReasonOf<typeof approvalReasons>

const units: [minutes: number, zh: string, en: string][] = [
  [1440, '天', 'day'],
  [60, '小时', 'hour'],
  [1, '分钟', 'minute'],
]

/** Exactly, because a limit is one. */
function lengthOf(minutes: number): Words {
  const [unit, zh, en] = units.find(([one]) => minutes % one === 0)!
  return { zh: `${minutes / unit} ${zh}`, en: counted(minutes / unit, en) }
}

type Hours = { from: string; to: string }

/** Why a message of a type waits, is collected, is not sent, or leaves otherwise than at once by its first channel. */
export const decisionReasons = {
  quietOfCorp: {
    words: ({ from, to }: Hours): Words => ({
      zh: `企业免打扰 ${from}–${to}`,
      en: `quiet hours of the corp ${from}–${to}`,
    }),
  },
  quietOfPerson: {
    words: ({ from, to }: Hours): Words => ({
      zh: `本人免打扰 ${from}–${to}`,
      en: `quiet hours of the person ${from}–${to}`,
    }),
  },
  digestEvery: {
    words: ({ minutes }: { minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `合并发送：收集 ${zh}`, en: `digest: collected for ${en}` }
    },
  },
  digestAt: {
    words: ({ at }: { at: string }): Words => ({
      zh: `合并发送：每天 ${at}`,
      en: `digest: each day at ${at}`,
    }),
  },
  limit: {
    words: ({ atMost, minutes }: { atMost: number; minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `${zh}内最多 ${atMost} 条`, en: `limit of ${atMost} in ${en}` }
    },
  },
  offByPerson: {
    words: (): Words => ({ zh: '本人关闭了这个类型', en: 'the person switched this type off' }),
  },
  allOffByPerson: {
    words: (): Words => ({
      zh: '本人开启了全部关闭',
      en: 'the person switched off all that can be switched off',
    }),
  },
  noWayWanted: {
    words: (): Words => ({
      zh: '本人关闭了这个类型的所有渠道',
      en: 'the person switched off all channels of this type',
    }),
  },
  expired: waitingReasons.expired,
  mustArrive: {
    words: (): Words => ({
      zh: '必达或紧急，本人的关闭对它无效',
      en: 'it must arrive or is urgent: it cannot be switched off',
    }),
  },
  trial: {
    words: (): Words => ({
      zh: '消息类型在试用中，只发给试用人员',
      en: 'the message type is on trial, and reaches its test people alone',
    }),
  },
  wayFailed: {
    words: ({ zh, en }: { zh: string; en: string }): Words => ({
      zh: `没有送达：${zh}`,
      en: `failed: ${en}`,
    }),
  },
  notReadIn: {
    words: ({ minutes }: { minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `${zh}内没有查看`, en: `not read in ${en}` }
    },
  },
  notAcknowledgedIn: {
    words: ({ minutes }: { minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `${zh}内没有点「收到」`, en: `not acknowledged in ${en}` }
    },
  },
  unclearFor: {
    words: ({ minutes }: { minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `${zh}后仍不能确认是否送达`, en: `still unclear after ${en} whether it arrived` }
    },
  },
  readInTime: {
    words: (): Words => ({ zh: '已查看，不再改用其他渠道', en: 'read: goes by no other channel' }),
  },
  acknowledgedInTime: {
    words: (): Words => ({
      zh: '已点「收到」，不再改用其他渠道',
      en: 'acknowledged: goes by no other channel',
    }),
  },
  sentInTime: {
    words: (): Words => ({ zh: '渠道已接受，不再改用其他渠道', en: 'taken by a channel: goes by no other' }),
  },
  wayUsed: {
    words: (): Words => ({ zh: '已用这个渠道发过', en: 'it went by this channel already' }),
  },
  toLeader: {
    words: ({ name, zh, en }: { name: string; zh: string; en: string }): Words => ({
      zh: `${zh}，告知上级${name && ` ${name}`}`,
      en: `${en}: the leader${name && ` ${name}`} is told`,
    }),
  },
  noLeader: {
    words: (): Words => ({ zh: '没有可以告知的上级', en: 'there is no leader to tell' }),
  },
  waited: { words: (): Words => ({ zh: '等待结束', en: 'the wait is over' }) },
  orderOfPerson: {
    words: (): Words => ({ zh: '按本人选择的渠道顺序', en: "in the person's order of channels" }),
  },
} satisfies Record<string, ReasonText>
export type DecisionReason = ReasonOf<typeof decisionReasons>
