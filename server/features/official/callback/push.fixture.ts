import { encrypt, sign } from '../../../upstream/transport/message-crypto.ts'
import type { Account } from '../accounts/accounts.ts'

export type PushOptions = {
  /** As the account is set up, unless another is tried. */
  mode?: 'plain' | 'compatible' | 'secure'
  nonce?: string
  timestamp?: number
  appId?: string
  token?: string
  clear?: string
}

/** Pushes as WeChat does, in the account's mode (docs/upstream/official-push.md#verification-and-modes). */
export async function pushTo(
  url: string,
  account: Pick<Account, 'originalId' | 'appId' | 'mode' | 'callback'>,
  plain: string,
  options: PushOptions = {},
): Promise<{ status: number; body: string }> {
  const { mode = account.mode, nonce = String(Math.random()).slice(2), appId = account.appId } = options
  const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000))
  const token = options.token ?? account.callback.token
  const query = new URLSearchParams({ timestamp, nonce, signature: sign(token, timestamp, nonce, '') })
  let body = plain
  if (mode !== 'plain') {
    const encrypted = encrypt(account.callback.encodingAesKey, plain, appId)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', sign(token, timestamp, nonce, encrypted))
    const beside = mode === 'compatible' ? (options.clear ?? '<Content>in the clear</Content>') : ''
    body = `<xml><ToUserName>${account.originalId}</ToUserName>${beside}<Encrypt>${encrypted}</Encrypt></xml>`
  }
  const answer = await fetch(`${url}/admin/publicMessage/callback?${query}`, { method: 'POST', body })
  return { status: answer.status, body: await answer.text() }
}

export type Sample = { from?: string; at?: number; msgId?: string; fields: string }

/** A message or event in the clear. */
export function pushXml(originalId: string, { from = 'oFollower1', at, msgId, fields }: Sample): string {
  const id = msgId ? `<MsgId>${msgId}</MsgId>` : ''
  const time = at ?? Math.floor(Date.now() / 1000)
  return `<xml><ToUserName><![CDATA[${originalId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${time}</CreateTime>${fields}${id}</xml>`
}

export const textFields = (text: string) =>
  `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content>`
export const eventFields = (event: string, key = '') =>
  `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event><EventKey><![CDATA[${key}]]></EventKey>`
