import { clockOf } from '../../../platform/moments.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { OfficialError } from '../../../upstream/official/errors.ts'
import { isUsedUp, passesByItself } from '../../../upstream/official/passing.ts'
import { deliver, handOverResults, recognisedMs } from '../../official/templates/sends/send.ts'
import { followingOf, openidOf } from '../../official/templates/sends/send-store.ts'
import type { Channel, ChannelCall, Outcome, Receipt } from '../channel.ts'
import { openContent } from '../sealed.ts'
import type { OfficialContent } from './content.ts'
import type { OfficialReason } from './reasons.ts'

export const repeatableMs = recognisedMs

/** Error codes of one receiver: unknown, no follower, has not agreed, is restricted or refuses messages. */
const nobody = new Set([40003, 43004, 43101, 49003, 50002, 48002])
/** The message itself: a field, a page or a link. */
const never = new Set([47003, 41030, 43116, 45002])
const limitPauseMs = 60_000

/**
 * Sends to one member who is a linked follower (docs/interface/messages.md#sending-a-message,
 * docs/upstream/official-templates.md).
 */
export async function sendByAccount(outgoing: ChannelCall<unknown, OfficialContent>): Promise<Outcome> {
  const { ctx, corp, content, key } = outgoing
  const [memberId] = outgoing.memberIds
  const account = ctx.accounts.find(content.originalId)
  const gone: OfficialReason = { code: 'officialAccountGone', account: content.account }
  if (account?.corpId !== corp.corpId || !account.enabled)
    return { kind: 'refused', reason: gone, isConfig: true }
  const openid = memberId === undefined ? undefined : await openidOf(ctx.db, account, memberId)
  if (memberId === undefined || !openid)
    return { kind: 'refused', reason: notLinked(content), isConfig: false }
  const { templateId, templateKind, url } = content
  const message = { openid, templateId, values: valuesAt(content, clockOf(ctx.now(), corp.timeZone)), url }
  const send = { message, kind: templateKind, origin: 'message', originKey: key, memberId } as const
  const delivered = await deliver(ctx, account, send, { isOnlyHolder: true })
  if (delivered.state === 'sent') return { kind: 'sent', vendorId: delivered.msgId || 'ok', failures: [] }
  if (delivered.state === 'failed') return outcomeOf(delivered.error)
  return { kind: 'unsure', reason: silent }
}

const silent: OfficialReason = { code: 'officialSilent' }
const unreachable: OfficialReason = { code: 'officialUnreachable' }

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof OfficialError)) return { kind: 'again', reason: unreachable }
  const { errcode, errmsg } = error
  const reason: OfficialReason = { code: 'officialRefused', errcode, errmsg }
  if (nobody.has(errcode) || never.has(errcode)) return { kind: 'refused', reason, isConfig: false }
  if (isUsedUp(errcode)) return { kind: 'again', reason, afterMs: limitPauseMs }
  if (passesByItself(error)) return { kind: 'again', reason }
  return { kind: 'refused', reason, isConfig: true }
}

/** `2026-12-01 15:01` as the types `time` and `date` take it, of what the corp's clocks show. */
function valuesAt({ rows }: OfficialContent, shown: string): Record<string, string> {
  return Object.fromEntries(
    rows.map(({ name, value, isSentAt }) => [name, isSentAt ? shown.slice(0, 16).replace('T', ' ') : value]),
  )
}

function notLinked({ account }: OfficialContent): OfficialReason {
  return { code: 'officialNotLinked', account }
}

/** Members who are no followers of the account cannot be reached. */
export async function whoIsNotLinked(
  db: Db,
  corpId: string,
  content: OfficialContent,
  memberIds: readonly number[],
): Promise<Map<number, OfficialReason>> {
  const linked = await followingOf(db, { corpId, originalId: content.originalId }, memberIds)
  return new Map(memberIds.flatMap(id => (linked.has(id) ? [] : [[id, notLinked(content)] as const])))
}

/** WeChat recognises a repeated template message by its client_msg_id; of a 订阅通知 it recognises nothing. */
export const markRepeatable: NonNullable<Channel['prepare']> = async (ctx, _tx, parts, messages) => {
  const repeatable = new Map(
    [...messages].map(([id, message]) => [
      id,
      (openContent(ctx, message) as OfficialContent).templateKind === 'template',
    ]),
  )
  for (const part of parts) part.isChecked = repeatable.get(part.messageId) ?? false
  return []
}

/** What WeChat's events said became of messages. The address is the member's id: there is one in each part. */
export async function takeReceipts(tx: Db, corpId: string, limit: number): Promise<Receipt[]> {
  const results = await handOverResults(tx, corpId, limit)
  return results.map(({ originKey, memberId, status }) => {
    const reason: OfficialReason = { code: 'officialNotDelivered', status: status.slice(0, 100) }
    const isDelivered = status === 'success'
    const address = String(memberId)
    return { context: originKey, address, isDelivered, reason: isDelivered ? '' : JSON.stringify(reason) }
  })
}
