import type { Words } from '../../../platform/words.ts'

/**
 * What MASSSENDJOBFINISH says (docs/upstream/official-push.md#results-of-mass-messages), without spaces, which WeChat writes or
 * leaves out.
 */
const words: Readonly<Record<string, Words>> = {
  sendsuccess: { zh: '发送成功', en: 'sent' },
  sendfail: { zh: '发送失败', en: 'not sent' },
  delete: { zh: '发送成功，之后在微信里被删除', en: 'sent, and deleted in WeChat afterwards' },
  'err(10001)': { zh: '涉嫌广告', en: 'suspected of advertising' },
  'err(20001)': { zh: '涉嫌政治', en: 'suspected of politics' },
  'err(20002)': { zh: '涉嫌色情', en: 'suspected of pornography' },
  'err(20004)': { zh: '涉嫌社会', en: 'suspected of harming society' },
  'err(20006)': { zh: '涉嫌违法犯罪', en: 'suspected of crime' },
  'err(20008)': { zh: '涉嫌欺诈', en: 'suspected of fraud' },
  'err(20013)': { zh: '涉嫌侵犯版权', en: 'suspected of violating copyright' },
  'err(21000)': { zh: '涉嫌其他违规', en: 'suspected of another violation' },
  'err(22000)': { zh: '涉嫌互推（互相宣传）', en: 'suspected of mutual promotion' },
  'err(30001)': {
    zh: '原创校验出现系统错误，且选择了「被判为转载时不群发」',
    en: 'the check for originality failed, and reprints were not to be sent',
  },
  'err(30002)': {
    zh: '原创校验判定为不能群发',
    en: 'the check for originality forbids sending',
  },
  'err(30003)': {
    zh: '原创校验判定为转载，且选择了「被判为转载时不群发」',
    en: 'the check for originality found a reprint, and reprints were not to be sent',
  },
}

const notConfirmed: Words = {
  zh: '发送失败；若开启了 API 群发保护，也可能是管理员在微信里拒绝了，或 30 分钟内没有确认',
  en: 'not sent; with the API protection on, an administrator may have refused it in WeChat or not confirmed it within 30 minutes',
}

/** The form in which statuses are stored and compared. */
export function normalised(status: string): string {
  return status.replace(/\s+/g, '').toLowerCase()
}

/** States of WeChat that say that the message was sent. */
export const goodStatuses: readonly string[] = ['sendsuccess', 'delete']

/** `toAll`: only such messages wait for an administrator's confirmation. */
export function statusWords(status: string, toAll: boolean): Words {
  if (toAll && status === 'sendfail') return notConfirmed
  const known = words[status]
  if (!known) return { zh: `微信报告 ${status}`, en: `WeChat says ${status}` }
  return status.startsWith('err') ? { zh: `${known.zh}（${status}）`, en: `${known.en} (${status})` } : known
}
