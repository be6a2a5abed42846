import { type Static, Type } from 'typebox'
import { memberStatus } from '../../organisation/directory/mirror/members.ts'
import { type Language, type Words, wordsIn } from '../../platform/words.ts'
import type { MessageOfPerson } from '../messages/fate/messages-of-person.ts'

export const firstLineSchema = Type.Object({
  kind: Type.Enum(['good', 'warn', 'bad']),
  text: Type.String(),
  /** What to do about it; '' where there is nothing to do. */
  advice: Type.String(),
})
type FirstLine = Static<typeof firstLineSchema>

/** What the page of a member shows below its first line. Times are in ISO 8601; both lists begin with the latest. */
type ShownRecords = {
  status: number
  signIns: readonly { at: string }[]
  refusals: readonly { at: string; what: string; advice: string }[]
  messages: readonly Pick<MessageOfPerson, 'state' | 'reason' | 'advice'>[]
}

/**
 * Sums up the rows that the help desk sees of a member, so that it never promises what a row denies: whether they can sign in, what was
 * refused since their last sign-in, and the messages of the last 30 days that did not reach them. `advice` is that of the row that is
 * summed up.
 */
export function firstLineOf(
  language: Language,
  { status, signIns, refusals, messages }: ShownRecords,
): FirstLine {
  const byStatus = ofStatus[status]
  if (byStatus) return told(language, byStatus.kind, [byStatus.words], [wordsIn(language, byStatus.advice)])
  const refusal = refusals.find(one => one.at > (signIns[0]?.at ?? ''))
  const lost = messages.filter(one => one.state === 'failed' || one.state === 'unknown')
  const [last] = lost
  const words = [
    refusal
      ? { zh: `最近一次操作被拒绝：${refusal.what}`, en: `Was refused last: ${refusal.what}` }
      : { zh: '可以登录', en: 'Can sign in' },
    ...(last ? [lostWords(lost.length, last.reason)] : messages.length > 0 ? [noneLost] : []),
  ]
  return told(language, refusal || last ? 'warn' : 'good', words, [refusal?.advice, last?.advice])
}

function told(
  language: Language,
  kind: FirstLine['kind'],
  words: readonly Words[],
  advice: readonly (string | undefined)[],
): FirstLine {
  const [joint, end, gap] = language === 'zh' ? ['；', '。', ''] : ['; ', '.', ' ']
  const text = `${words.map(one => wordsIn(language, one)).join(joint)}${end}`
  return { kind, text, advice: advice.filter(Boolean).join(gap) }
}

const ofStatus: Readonly<
  Record<number, { kind: FirstLine['kind']; words: Words; advice: Words } | undefined>
> = {
  [memberStatus.disabled]: {
    kind: 'bad',
    words: { zh: '已在企业微信里被禁用，不能登录', en: 'Disabled in WeCom and cannot sign in' },
    advice: {
      zh: '需要时请管理员在企业微信后台启用。',
      en: 'If that is wrong, an administrator enables them in WeCom.',
    },
  },
  [memberStatus.notActivated]: {
    kind: 'warn',
    words: {
      zh: '还没有加入企业微信，也没有关注微信插件，不能登录，看不到企业微信消息',
      en: 'Has neither joined in WeCom nor followed the WeChat plugin: cannot sign in and sees no WeCom messages',
    },
    advice: { zh: '请其先在企业微信里加入企业。', en: 'Ask them to join the corp in WeCom first.' },
  },
}

const noneLost: Words = {
  zh: '最近 30 天的消息没有未送达的',
  en: 'no message of the last 30 days failed',
}

function lostWords(n: number, reason: string): Words {
  const [zh, en] = reason ? [`，最近一条：${reason}`, `, the latest: ${reason}`] : ['', '']
  return {
    zh: `最近 30 天有 ${n} 条消息未送达或是否送达不明${zh}`,
    en: `${n} ${n === 1 ? 'message' : 'messages'} of the last 30 days did not arrive or may not have${en}`,
  }
}
