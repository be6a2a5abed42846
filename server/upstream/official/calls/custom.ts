import type { OfficialClient } from '../call.ts'

/** A customer-service message (docs/upstream/official-customer-service.md#messages). Media are named by WeChat's media_id. */
export type CustomMessage =
  | { type: 'text'; content: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'news'; title: string; description: string; picUrl: string; url: string }
  | { type: 'miniprogram'; title: string; appId: string; path: string; thumbMediaId: string }

/** In the name of a member of WeChat's own customer service, where `kfAccount` is given. */
export async function sendCustom(
  client: OfficialClient,
  openid: string,
  message: CustomMessage,
  kfAccount = '',
): Promise<void> {
  await client.send('/cgi-bin/message/custom/send', {
    touser: openid,
    ...bodyOf(message),
    ...(kfAccount ? { customservice: { kf_account: kfAccount } } : {}),
  })
}

function bodyOf(message: CustomMessage): object {
  switch (message.type) {
    case 'text':
      return { msgtype: 'text', text: { content: message.content } }
    case 'image':
      return { msgtype: 'image', image: { media_id: message.mediaId } }
    case 'voice':
      return { msgtype: 'voice', voice: { media_id: message.mediaId } }
    case 'news': {
      const { title, description, picUrl, url } = message
      return { msgtype: 'news', news: { articles: [{ title, description, picurl: picUrl, url }] } }
    }
    case 'miniprogram': {
      const { title, appId: appid, path: pagepath, thumbMediaId: thumb_media_id } = message
      return { msgtype: 'miniprogrampage', miniprogrampage: { title, appid, pagepath, thumb_media_id } }
    }
  }
}

/** Shows the follower that somebody is typing, for a few seconds or until the next message. */
export async function showTyping(client: OfficialClient, openid: string): Promise<void> {
  await client.send('/cgi-bin/message/custom/typing', { touser: openid, command: 'Typing' })
}
