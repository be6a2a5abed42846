import { cdata as element } from '../transport/message-crypto.ts'
import type { Push } from './push.ts'

/**
 * What can be answered to a push at once (docs/upstream/official-push.md#passive-replies). Media are named by WeChat's media_id.
 * `transfer` hands the conversation to WeChat's own customer service.
 */
export type PassiveReply =
  | { type: 'text'; content: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'news'; title: string; description: string; picUrl: string; url: string }
  | { type: 'transfer'; kfAccount?: string }

/** With this answer WeChat considers the push handled, and shows the person nothing. */
export const nothing = 'success'

/** The reply in the clear, as XML. */
export function replyXml(
  push: Pick<Push, 'toUserName' | 'fromUserName'>,
  reply: PassiveReply,
  at: number,
): string {
  const head =
    element('ToUserName', push.fromUserName) +
    element('FromUserName', push.toUserName) +
    `<CreateTime>${Math.floor(at / 1000)}</CreateTime>`
  return `<xml>${head}${bodyOf(reply)}</xml>`
}

function bodyOf(reply: PassiveReply): string {
  switch (reply.type) {
    case 'text':
      return element('MsgType', 'text') + element('Content', reply.content)
    case 'image':
      return `${element('MsgType', 'image')}<Image>${element('MediaId', reply.mediaId)}</Image>`
    case 'voice':
      return `${element('MsgType', 'voice')}<Voice>${element('MediaId', reply.mediaId)}</Voice>`
    case 'news':
      return `${element('MsgType', 'news')}<ArticleCount>1</ArticleCount><Articles><item>${
        element('Title', reply.title) +
        element('Description', reply.description) +
        element('PicUrl', reply.picUrl) +
        element('Url', reply.url)
      }</item></Articles>`
    case 'transfer':
      return (
        element('MsgType', 'transfer_customer_service') +
        (reply.kfAccount ? `<TransInfo>${element('KfAccount', reply.kfAccount)}</TransInfo>` : '')
      )
  }
}
