import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import { checkTimestamp, PushRefused, queryText, upstreamPush } from '../../../platform/http/upstream-push.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { decrypt, MessageCryptoError, verifySignature } from '../../../upstream/transport/message-crypto.ts'
import {
  type ContactEvent,
  findText,
  parseContactEvent,
  parseEnvelope,
  WecomXmlError,
} from '../../../upstream/transport/xml.ts'
import type { Corp, Corps } from '../../corps/corps.ts'
import { noteCallbackVerified } from '../../corps/noted.ts'
import { userKey } from '../../directory/mirror/members.ts'

type Needs = Core & { corps: Corps; inbox: Inbox }

/**
 * The largest event is update_tag. A call changes 1,000 members of at most 64 bytes each (docs/upstream/wecom-directory.md#tags):
 * as many added as removed are 130 kB, and 174 kB in base64.
 */
const bodyAtMost = 256 * 1024
const echoAtMost = 1024
const parameterAtMost = 128

type PushHead = { signature: string; timestamp: string; nonce: string }
type PushContent = { corp: Corp; nonce: string; encrypted: string; plain: string }

/** WeCom's own protocol (docs/upstream/wecom-callbacks.md). */
export const contactCallback = upstreamPush({
  path: '/admin/syncController/addressBookChange',
  section: '4.1',
  bodyAtMost,
  check(ctx: Needs, head): PushHead {
    const read = (name: string) => queryText(head, name, parameterAtMost)
    const signed = { signature: read('msg_signature'), timestamp: read('timestamp'), nonce: read('nonce') }
    checkTimestamp(ctx, signed.timestamp)
    return signed
  },
  /** Names no corp, so it is answered for the corp whose token and key fit it. */
  verifyUrl(ctx: Needs, signed, head) {
    const echo = queryText(head, 'echostr', echoAtMost)
    for (const corp of ctx.corps.all()) {
      const message = echoOf(corp, signed, echo)
      if (message === undefined) continue
      // WeCom gives up after one second, so the answer does not wait until the verification is recorded.
      noteCallbackVerified(ctx, corp.corpId).catch(error => {
        ctx.log.error({ corpId: corp.corpId, ...describeError(error) }, 'verification not noted')
      })
      return { body: message }
    }
    throw new PushRefused(403, 'msg_signature fits no corp')
  },
  verify(ctx: Needs, signed, body): PushContent {
    const text = textOf(body)
    const toUserName = findText(text, 'ToUserName')
    const encrypted = findText(text, 'Encrypt')
    if (!toUserName || !encrypted) throw new PushRefused(400, 'body: ToUserName or Encrypt is missing')
    const corp = ctx.corps.find(toUserName)
    if (!corp) throw new PushRefused(404, 'ToUserName is no corp of this platform')
    if (!isSigned(corp, signed, encrypted)) throw new PushRefused(403, 'msg_signature is wrong', corp.corpId)
    // The signature covers Encrypt alone, and what stands around it must still be the XML that WeCom writes.
    readXml('body', () => parseEnvelope(text))
    return { corp, nonce: signed.nonce, encrypted, plain: openPush(corp, encrypted) }
  },
  owner: ({ corp }) => ({ corpId: corp.corpId, stream: 'directory', account: '' }),
  async handle(ctx: Needs, { corp, nonce, encrypted, plain }) {
    const event = readXml('event', () => parseContactEvent(plain))
    if (event.toUserName !== corp.corpId) throw new PushRefused(400, 'the event is of another corp')
    const { outcome } = await ctx.inbox.accept({
      corpId: corp.corpId,
      stream: 'directory',
      kind: event.changeType || event.event || 'unknown',
      entity: entityOf(event),
      dedupeKey: nonce,
      payloadHash: createHash('sha256').update(plain).digest('base64'),
      raw: encrypted,
      plain,
    })
    if (outcome === 'reused') throw new PushRefused(409, 'nonce was used for another payload')
    return { body: '' }
  },
  refusal: reason => ({ body: reason }),
})

function isSigned({ callback }: Corp, { timestamp, nonce, signature }: PushHead, encrypted: string): boolean {
  return verifySignature(callback.token, timestamp, nonce, encrypted, signature)
}

function echoOf(corp: Corp, signed: PushHead, echo: string): string | undefined {
  if (!isSigned(corp, signed, echo)) return undefined
  try {
    const { message, receiveId } = decrypt(corp.callback.encodingAesKey, echo)
    return receiveId === corp.corpId ? message : undefined
  } catch (error) {
    if (error instanceof MessageCryptoError) return undefined
    throw error
  }
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new PushRefused(400, 'body is not UTF-8')
  return body.toString()
}

function openPush(corp: Corp, encrypted: string): string {
  try {
    const { message, receiveId } = decrypt(corp.callback.encodingAesKey, encrypted)
    if (receiveId !== corp.corpId) throw new PushRefused(403, 'receiveid is another corp')
    // PostgreSQL text cannot hold NUL, and neither can XML.
    if (message.includes('\0')) throw new PushRefused(400, 'event holds NUL')
    return message
  } catch (error) {
    if (error instanceof MessageCryptoError)
      throw new PushRefused(400, `Encrypt: ${error.message}`, corp.corpId)
    throw error
  }
}

function readXml<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof WecomXmlError) throw new PushRefused(400, `${what}: ${error.message}`)
    throw error
  }
}

/** The unit within which events must stay in order. Unknown change types are kept and shown, all under `other`. */
export function entityOf(event: Pick<ContactEvent, 'changeType' | 'userId' | 'id' | 'tagId'>): string {
  if (/_user$/.test(event.changeType) && event.userId) return `user:${userKey(event.userId)}`
  if (/_party$/.test(event.changeType) && event.id !== undefined) return `party:${event.id}`
  if (/_tag$/.test(event.changeType) && event.tagId !== undefined) return `tag:${event.tagId}`
  return 'other'
}
