import { randomInt } from 'node:crypto'
import type { World } from '../../../../test/harness.ts'
import { encrypt, sign } from '../../../upstream/transport/message-crypto.ts'
import { callbackSettings } from '../callbacks/set-callback.ts'

/** A push as WeCom sends it; a test may override any part to make it invalid. */
export type PushOverrides = {
  url?: string
  token?: string
  encodingAesKey?: string
  receiveId?: string
  toUserName?: string
  agentId?: string
  timestamp?: string
  nonce?: string
  signature?: string
  body?: string | Buffer | ((encrypted: string) => string)
}

/** The clear text of a push; `agentId` is left out when it is ''. */
export function pushXml(
  world: World,
  agentId: number | '',
  fields: string,
  { from = 'zhangsan', to = world.corpId, at = Math.floor(world.ctx.now() / 1000) } = {},
): string {
  const agent = agentId === '' ? '' : `<AgentID>${agentId}</AgentID>`
  return `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${at}</CreateTime>${fields}${agent}</xml>`
}

export const textFields = (text: string, msgId = String(randomInt(2 ** 40))) =>
  `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${msgId}</MsgId>`
export const eventFields = (event: string, fields = '') =>
  `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event>${fields}`

/** Encrypts and signs a push and sends it to wisp; `reply` is still encrypted. */
export async function pushTo(world: World, agentId: number, plain: string, spoiled: PushOverrides = {}) {
  const callback = world.ctx.agents.callbackOf(world.corpId, agentId)
  const settings = callback && callbackSettings(world.ctx, callback)
  const { token = settings?.token ?? '', encodingAesKey = settings?.encodingAesKey ?? '' } = spoiled
  const { receiveId = world.corpId, toUserName = world.corpId, url = settings?.url ?? '' } = spoiled
  const timestamp = spoiled.timestamp ?? String(Math.floor(world.ctx.now() / 1000))
  const nonce = spoiled.nonce ?? String(randomInt(2 ** 40))
  const encrypted = encrypt(encodingAesKey, plain, receiveId)
  const signature = spoiled.signature ?? sign(token, timestamp, nonce, encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  const named = spoiled.agentId ?? String(agentId)
  const envelope = `<xml><ToUserName><![CDATA[${toUserName}]]></ToUserName><AgentID><![CDATA[${named}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  const { body = envelope } = spoiled
  const sent = typeof body === 'function' ? body(encrypted) : body
  const response = await fetch(`${url}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: typeof sent === 'string' ? sent : new Uint8Array(sent),
  })
  return { status: response.status, text: await response.text() }
}
