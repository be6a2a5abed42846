import type { Words } from '../../../../platform/words.ts'
import type { ReasonOf, ReasonText } from '../../reason.ts'
import { wecomReasons } from '../reasons.ts'

/** WeCom answers about chats as it does about messages. */
export const chatReasons = {
  ...wecomReasons,
  chatGone: {
    words: (): Words => ({ zh: '群聊已从平台移除', en: 'the group chat was removed from wisp' }),
  },
  chatMissing: {
    words: (): Words => ({
      zh: '企业微信中已没有这个群聊',
      en: 'the group chat does not exist in WeCom any more',
    }),
  },
  chatFew: {
    words: ({ count }: { count: number }): Words => ({
      zh: `应有的成员只剩 ${count} 人，不足 2 人，群成员保持不变`,
      en: `${count} of the people that it follows are left, fewer than 2: its members stay as they are`,
    }),
  },
  chatMany: {
    words: ({ count }: { count: number }): Words => ({
      zh: `应有的成员有 ${count} 人，超过 2000 人，群成员保持不变`,
      en: `the people that it follows are ${count}, more than 2000: its members stay as they are`,
    }),
  },
  chatUnclear: {
    words: (): Words => ({
      zh: '24 小时内无法确认企业微信是否已创建',
      en: 'it stayed unclear for 24 hours whether WeCom created it',
    }),
  },
  chatPace: {
    words: (): Words => ({
      zh: '达到企业微信群聊消息的频率限制，稍后发送',
      en: "WeCom's limit of messages to group chats is reached: it goes out later",
    }),
  },
} satisfies Record<string, ReasonText>
export type ChatReason = ReasonOf<typeof chatReasons>
