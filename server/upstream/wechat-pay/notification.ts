import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { json } from './checked.ts'
import { openResource, resourceShape } from './resource.ts'
import { type Headers, type SignatureFault, signatureFault, type VerifyingKeys } from './signature.ts'

/** A notification that WeChat Pay signed and that the merchant's APIv3 key opened. */
export type Notification = {
  /** By which repetitions are recognised; at most 36 characters. */
  id: string
  /** For example TRANSACTION.SUCCESS, REFUND.ABNORMAL. */
  eventType: string
  /** transaction, refund, … */
  originalType: string
  summary: string
  /** The content; `tradeOf` and `refundOfNotice` read it. */
  plain: unknown
}

/**
 * `not-json` is mostly the v2 XML notice of a refund that was made without a notify_url; `decryption` says that the APIv3 key
 * is not the one that is set at WeChat Pay.
 */
export type NotificationFault = SignatureFault | 'not-json' | 'shape' | 'decryption'

export type OpenedNotification =
  | { fault?: undefined; notification: Notification }
  | { fault: NotificationFault; notification?: undefined }

const envelope = Compile(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64 }),
    event_type: Type.String(),
    summary: Type.Optional(Type.String()),
    resource: Type.Object({ ...resourceShape.properties, original_type: Type.Optional(Type.String()) }),
  }),
)

/**
 * Proves and opens what was posted to a notify_url (docs/upstream/wechat-pay-notifications.md#verification).
 * @param given.rawBody as received, byte by byte
 * @param given.keys of the merchant: its client's `keys`
 * @param given.now in ms since the epoch
 */
export async function openNotification(given: {
  headers: Headers
  rawBody: Buffer
  keys: VerifyingKeys
  apiV3Key: string
  now: number
}): Promise<OpenedNotification> {
  const { headers, rawBody, keys, apiV3Key, now } = given
  if (!/^\s*\{/.test(rawBody.toString('latin1', 0, 64))) return { fault: 'not-json' }
  const fault = await signatureFault(headers, rawBody, keys, now)
  if (fault) return { fault }
  const content = json(rawBody)
  if (content === undefined) return { fault: 'not-json' }
  if (!envelope.Check(content)) return { fault: 'shape' }
  const { id, event_type, summary = '', resource } = content
  let opened: Buffer
  try {
    opened = openResource(resource, apiV3Key)
  } catch {
    return { fault: 'decryption' }
  }
  const plain = json(opened)
  if (plain === undefined) return { fault: 'shape' }
  return {
    notification: { id, eventType: event_type, originalType: resource.original_type ?? '', summary, plain },
  }
}
