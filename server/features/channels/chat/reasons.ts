import type { Words } from '../../../platform/http/words.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'
import { wecomReasons } from '../wecom/reasons.ts'

/** WeCom answers about chats as it does about messages. */
export const chatReasons = {
  ...wecomReasons,
  chatGone: {
    words: (): Words => ({ zh: '群聊已从平台移除', en: 'the group chat was removed from wisp' }),
  },
  chatPace: {
    words: (): Words => ({
      zh: '达到企业微信群聊消息的频率限制，稍后发送',
      en: "WeCom's limit of messages to group chats is reached: it goes out later",
    }),
  },
} satisfies Record<string, ReasonText>
export type ChatReason = ReasonOf<typeof chatReasons>
