import type { Words } from '../../../platform/words.ts'
import { explainErrcode, OfficialError, OfficialUnavailable } from '../../../upstream/official/errors.ts'

/** Why a message did not go out, as it is stored: WeChat's refusal, or a code of ours. */
export type SendReason =
  | { code: 'refused'; errcode: number; errmsg: string; rid: string }
  | {
      code: 'closed' | 'usedUp' | 'unclear' | 'interrupted' | 'restored' | 'disabled' | 'noAnswer' | 'failed'
    }

const words: Record<Exclude<SendReason['code'], 'refused'>, Words> = {
  closed: {
    zh: '对方 48 小时内没有发来消息（点菜单、关注、扫码为 1 分钟），此时不能发送',
    en: 'the follower has not written within 48 hours (a minute after a click, a subscription or a scan)',
  },
  usedUp: {
    zh: '这段时间可发的条数已用完，须等对方再次互动',
    en: 'as many messages as allowed were sent: the follower has to write again first',
  },
  unclear: { zh: '无法确认微信是否已收到', en: 'it is unclear whether WeChat has taken it' },
  interrupted: { zh: '发送过程中服务中断，无法确认', en: 'the service stopped during the call: unclear' },
  restored: {
    zh: '由备份恢复，无法确认是否已发出',
    en: 'restored from a backup: it is unclear whether it went out',
  },
  disabled: { zh: '公众号已停用', en: 'the account is disabled' },
  noAnswer: { zh: '微信没有应答', en: 'WeChat does not answer' },
  failed: { zh: '发送失败', en: 'it could not be sent' },
}

export function sendReasonWords(reason: SendReason): Words {
  if (reason.code !== 'refused') return words[reason.code]
  const { text, fix } = explainErrcode(reason.errcode)
  return {
    zh: `${text.zh}（${reason.errcode}）${fix ? `。${fix.zh}` : ''}`,
    en: `${text.en} (${reason.errcode})${fix ? `. ${fix.en}` : ''}`,
  }
}

export function reasonOf(error: unknown): SendReason {
  if (error instanceof OfficialError) {
    const { errcode, errmsg, rid } = error
    return { code: 'refused', errcode, errmsg, rid }
  }
  if (error instanceof OfficialUnavailable) return { code: error.ambiguous ? 'unclear' : 'noAnswer' }
  return { code: 'failed' }
}
