import type { Words } from '../../../../platform/words.ts'

/**
 * What TEMPLATESENDJOBFINISH says of a message that did not reach the follower
 * (docs/upstream/official-push.md#results-of-template-messages).
 */
export function statusWords(status: string): Words {
  if (/user block/i.test(status))
    return { zh: '对方拒收该公众号的消息', en: 'the follower refuses messages of the account' }
  if (/system failed/i.test(status))
    return {
      zh: '被微信拦截或发送失败，可在「公众号 → 群发 → 模板消息 → 被拦截」中查看',
      en: 'WeChat held it back or failed: see the blocked messages of the account',
    }
  return { zh: `没有送达（${status}）`, en: `not delivered (${status})` }
}
