import { randomInt } from 'node:crypto'
import type { World } from '../../../../test/harness.ts'
import { encrypt, sign } from '../../../upstream/transport/message-crypto.ts'

/** A push as WeCom sends it; a test may override any part to make it invalid. */
export type Push = {
  token?: string
  encodingAesKey?: string
  receiveId?: string
  toUserName?: string
  timestamp?: string
  nonce?: string
  signature?: string
  /** Sent instead of the usual envelope; a function gets what `Encrypt` would hold. */
  body?: string | Buffer | ((encrypted: string) => string)
  contentType?: string
}

export function callbackUrl(world: World): string {
  return `${world.server.url}/admin/syncController/addressBookChange`
}

/** Encrypts and signs an event's XML and sends it to wisp. */
export async function push(world: World, plain: string, spoiled: Push = {}) {
  const { callback } = world.ctx.corps.get(world.corpId)
  const { token = callback.token, encodingAesKey = callback.encodingAesKey } = spoiled
  const { receiveId = world.corpId, toUserName = world.corpId } = spoiled
  const timestamp = spoiled.timestamp ?? String(Math.floor(Date.now() / 1000))
  const nonce = spoiled.nonce ?? String(randomInt(2 ** 40))
  const encrypted = encrypt(encodingAesKey, plain, receiveId)
  const signature = spoiled.signature ?? sign(token, timestamp, nonce, encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  const envelope = `<xml><ToUserName><![CDATA[${toUserName}]]></ToUserName><AgentID></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  const response = await fetch(`${callbackUrl(world)}?${query}`, {
    method: 'POST',
    headers: { 'content-type': spoiled.contentType ?? 'text/xml' },
    body: typeof spoiled.body === 'function' ? spoiled.body(encrypted) : (spoiled.body ?? envelope),
  })
  return { status: response.status, text: await response.text() }
}

/** The decrypted XML of a contact event. */
export function eventXml(world: World, changeType: string, fields: string, createTime?: number): string {
  const seconds = createTime ?? Math.floor(Date.now() / 1000)
  return `<xml><ToUserName><![CDATA[${world.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event><ChangeType>${changeType}</ChangeType>${fields}</xml>`
}

export async function countEvents(world: World): Promise<number> {
  const row = await world.ctx.db
    .selectFrom('inbox_event')
    .select(select => select.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
