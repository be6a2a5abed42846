import { createHash } from 'node:crypto'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import {
  sendNotice,
  sendTemplateMessage,
  type TemplateMessage,
} from '../../../../upstream/official/calls/templates.ts'
import { OfficialUnavailable } from '../../../../upstream/official/errors.ts'
import type { Account } from '../../accounts/accounts.ts'
import { reasonOf } from '../../sends/reason.ts'
import * as store from './send-store.ts'

/** WeChat recognises a repetition for 10 minutes; a slow call may take two of them. */
export const recognisedMs = 600_000
const slackMs = 120_000
/** How long a call of another holder may still be running. */
const runningMs = 60_000

type Send = Pick<store.NewTemplateSend, 'kind' | 'origin' | 'originKey'> & {
  message: TemplateMessage
  /** A repetition under the same key must have the same. */
  requestHash?: string
  memberId?: number
}

/**
 * `sent`: WeChat took it. `failed`: it certainly did not, with its refusal. `unknown`: it may have. `sending`: another call
 * under the same key is on its way.
 */
export type SendOutcome =
  | { state: 'sent'; msgId: string; error?: undefined }
  | { state: 'failed'; error: unknown }
  | { state: 'unknown' | 'sending'; error?: unknown }

/**
 * Sends once under its key. What is unclear is repeated only where WeChat recognises it: as a template message, and within
 * 10 minutes. What certainly failed may be tried again. Throws 1000 when the key belongs to another message.
 */
export async function deliver(
  ctx: Core,
  account: Account,
  send: Send,
  { isOnlyHolder = false } = {},
): Promise<SendOutcome> {
  const { message, kind, origin, originKey, requestHash = null, memberId = null } = send
  const { openid, templateId } = message
  const at = new Date(ctx.now())
  const row = { openid, templateId, kind, origin, originKey, requestHash, memberId }
  let stored = await store.insertSend(ctx.db, account, row, at)
  if (!stored) {
    stored = await store.findSend(ctx.db, account, origin, originKey)
    if (!stored) return { state: 'unknown' }
    if (stored.requestHash !== requestHash) throw otherMessage()
    const known = settledAs(ctx, kind, stored, isOnlyHolder)
    if (known) return known
    if (!(await store.takeUpSend(ctx.db, account, stored, at))) return { state: 'sending' }
  }
  const delivered = await attempt(ctx, account, send)
  await store.endSend(ctx.db, account, stored.id, endOf(delivered))
  return delivered
}

/** Hands the results of the message centre's messages over, each once, in the transaction that keeps them there. */
export function handOverResults(tx: Db, corpId: string, limit: number): Promise<store.MessageResult[]> {
  return store.takeResults(tx, corpId, limit)
}

function otherMessage(): ApiError {
  return new ApiError('badParameter', {
    zh: 'requestId 已用于另一条消息，没有发送；新消息请使用新的 requestId',
    en: 'the requestId was used for another message, and nothing was sent: give a new message a new requestId',
  })
}

/** What is answered about an earlier send without making it again; undefined when it is to be made again. */
function settledAs(
  ctx: Core,
  kind: Send['kind'],
  { state, msgId, triedAt }: store.StoredSend,
  isOnlyHolder: boolean,
): SendOutcome | undefined {
  if (state === 'sent') return { state, msgId: msgId ?? '' }
  if (state === 'failed') return undefined
  const age = ctx.now() - triedAt.getTime()
  if (state === 'sending' && !isOnlyHolder && age < runningMs) return { state }
  return kind === 'template' && age < recognisedMs - slackMs ? undefined : { state: 'unknown' }
}

async function attempt(ctx: Core, { client, originalId }: Account, send: Send): Promise<SendOutcome> {
  const { kind, message } = send
  try {
    if (kind === 'template')
      return { state: 'sent', msgId: await sendTemplateMessage(client, message, clientIdOf(send)) }
    await sendNotice(client, message)
    return { state: 'sent', msgId: '' }
  } catch (error) {
    ctx.log.warn({ originalId, ...describeError(error) }, 'template message not sent')
    const isUnclear = error instanceof OfficialUnavailable && error.ambiguous
    return { state: isUnclear ? 'unknown' : 'failed', error }
  }
}

/** WeChat takes 32 characters; the key is longer. */
function clientIdOf({ origin, originKey }: Send): string {
  return createHash('sha256').update(`${origin} ${originKey}`).digest('base64url').slice(0, 32)
}

function endOf(delivered: SendOutcome): store.SendEnd {
  switch (delivered.state) {
    case 'sent':
      return { state: 'sent', ...(delivered.msgId ? { msgId: delivered.msgId } : {}) }
    case 'failed':
      return { state: 'failed', reason: reasonOf(delivered.error) }
    default:
      return { state: 'unknown', reason: reasonOf(delivered.error) }
  }
}
