import { randomInt } from 'node:crypto'
import { encrypt, sign } from '../transport/message-crypto.ts'
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

type Keys = { appId: string; token: string; encodingAesKey: string }

/** The encrypted form that secure mode demands (docs/upstream/message-crypto.md#envelopes). `at` is in ms since the epoch. */
export function sealedReply(keys: Keys, xml: string, at: number): string {
  const encrypted = encrypt(keys.encodingAesKey, xml, keys.appId)
  const timestamp = String(Math.floor(at / 1000))
  const nonce = String(randomInt(1_000_000_000))
  const signature = sign(keys.token, timestamp, nonce, encrypted)
  return (
    `<xml>${element('Encrypt', encrypted)}${element('MsgSignature', signature)}` +
    `<TimeStamp>${timestamp}</TimeStamp>${element('Nonce', nonce)}</xml>`
  )
}

/** Characters that XML cannot contain. */
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** `]]>` ends a CDATA section, and is split over two of them. */
function element(name: string, text: string): string {
  const clean = text.replace(notInXml, '').replaceAll(']]>', ']]]]><![CDATA[>')
  return `<${name}><![CDATA[${clean}]]></${name}>`
}
