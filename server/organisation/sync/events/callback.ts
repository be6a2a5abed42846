import { createHash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import { PushRefused, queryText, upstreamPush } from '../../../platform/http/upstream-push.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { describeError } from '../../../platform/operation/log.ts'
import {
  echoAtMost,
  openSigned,
  type PushSignature,
  readSignature,
  readXml,
  textOf,
} from '../../../upstream/transport/push/signed-push.ts'
import {
  type ContactEvent,
  findText,
  parseContactEvent,
  parseEnvelope,
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

type PushContent = { corp: Corp; nonce: string; encrypted: string; plain: string }

/** WeCom's own protocol (docs/upstream/wecom-callbacks.md). */
export const contactCallback = upstreamPush({
  path: '/admin/syncController/addressBookChange',
  section: '4.1',
  bodyAtMost,
  check: (ctx: Needs, head): PushSignature => readSignature(ctx, head),
  /** A verification names no corp, so it counts for the corp whose token and key fit. */
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
    const refuse = (status: number, message: string) => new PushRefused(status, message, corp.corpId)
    const opened = openSigned([corp.callback], signed, encrypted, receiverOf(corp), refuse)
    if (!opened) throw refuse(403, 'msg_signature is wrong')
    // The signature covers Encrypt alone, and what stands around it must still be the XML that WeCom writes.
    readXml('body', () => parseEnvelope(text))
    return { corp, nonce: signed.nonce, encrypted, plain: opened.message }
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

function receiverOf({ corpId }: Corp) {
  return { receiveId: corpId, whenOther: 'receiveid is another corp' }
}

function echoOf(corp: Corp, signed: PushSignature, echo: string): string | undefined {
  try {
    return openSigned([corp.callback], signed, echo, receiverOf(corp))?.message
  } catch (error) {
    if (error instanceof PushRefused) return undefined
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
