import { cdata as element } from '../transport/message-crypto.ts'

/** What can be answered to a push at once (docs/upstream/wecom-agents.md#passive-replies). Media are named by WeCom's media_id. */
export type PassiveReply =
  | { type: 'text'; content: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'video'; mediaId: string; title: string; description: string }
  | { type: 'news'; articles: readonly Article[] }

export type Article = { title: string; description: string; picUrl: string; url: string }

/** The reply in the clear, as XML. `push` is what is answered; `at` in milliseconds. */
export function replyXml(
  push: { toUserName: string; fromUserName: string },
  reply: PassiveReply,
  at: number,
): string {
  const head =
    element('ToUserName', push.fromUserName) +
    element('FromUserName', push.toUserName) +
    `<CreateTime>${Math.floor(at / 1000)}</CreateTime>` +
    element('MsgType', reply.type)
  return `<xml>${head}${bodyOf(reply)}</xml>`
}

function bodyOf(reply: PassiveReply): string {
  switch (reply.type) {
    case 'text':
      return element('Content', reply.content)
    case 'image':
      return `<Image>${element('MediaId', reply.mediaId)}</Image>`
    case 'voice':
      return `<Voice>${element('MediaId', reply.mediaId)}</Voice>`
    case 'video':
      return `<Video>${
        element('MediaId', reply.mediaId) +
        element('Title', reply.title) +
        element('Description', reply.description)
      }</Video>`
    case 'news':
      return `<ArticleCount>${reply.articles.length}</ArticleCount><Articles>${reply.articles.map(itemOf).join('')}</Articles>`
  }
}

function itemOf({ title, description, picUrl, url }: Article): string {
  return `<item>${
    element('Title', title) +
    element('Description', description) +
    element('PicUrl', picUrl) +
    element('Url', url)
  }</item>`
}
