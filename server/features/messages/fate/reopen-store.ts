import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type MessageKey, type MessageRow, type NewPart, only } from '../../channels/part.ts'
import { insertParts, lockMessages } from '../parts/store.ts'
import { isTakenBack, type PartView, partsOf } from './fate-store.ts'

/**
 * Creates new parts for those who did not get the message: all receivers of failed and unknown parts and of parts that
 * were cancelled with a failed one, and of other parts the refused ones; only of `among`, where that is given. Returns these receivers. Replaced
 * parts are marked, so that a second resend does not repeat them.
 */
export async function reopenFailed(
  db: Db,
  message: MessageKey & Pick<MessageRow, 'channel'>,
  at: Date,
  among?: ReadonlySet<string>,
): Promise<Set<string>> {
  const { corpId, channel, id: messageId } = message
  const isAmong = (userId: string) => among === undefined || among.has(userId)
  await lockMessages(db, [message])
  const parts = await partsOf(db, message)
  const lost = parts.filter(
    part =>
      part.state === 'failed' ||
      part.state === 'unknown' ||
      (part.state === 'cancelled' && !isTakenBack(part)),
  )
  const refused = await takeRefused(db, message, among)
  const again: PartView[] = []
  const whole: PartView[] = []
  for (const part of parts) {
    const isLost = lost.includes(part)
    const isAgain = (userId: string) => isAmong(userId) && (isLost || refused.get(userId) === part.id)
    if (isLost && part.userIds.every(isAmong)) {
      again.push(part)
      whole.push(part)
    } else if (part.userIds.some(isAgain)) {
      again.push({ ...part, ...only(part, isAgain) })
      const left = only(part, userId => !isAgain(userId))
      await cutPart(db, corpId, { ...part, ...left })
    }
  }
  const common = { messageId, corpId, channel, nextAttemptAt: at }
  await insertParts(db, inOrder(again, parts.at(-1)?.n ?? 0, common))
  await sql`
    update message_part set state = 'replaced'
    where corp_id = ${corpId} and id = any(${whole.map(part => part.id)}::bigint[])`.execute(db)
  return new Set(again.flatMap(part => part.userIds))
}

/** Removes receivers that new parts have taken over; a part left without receivers counts as replaced. */
async function cutPart(db: Db, corpId: string, { id, userIds, memberIds, shared }: PartView): Promise<void> {
  const cut = { user_ids: userIds, member_ids: memberIds, shared }
  await db
    .updateTable('message_part')
    .set(userIds.length > 0 ? cut : { state: 'replaced' })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Deletes the results of refused receivers and returns which part each was in. */
async function takeRefused(
  db: Db,
  { corpId, id }: MessageKey,
  among?: ReadonlySet<string>,
): Promise<Map<string, number | null>> {
  const isAmong = among ? sql`user_id = any(${[...among]}::text[])` : sql`true`
  const rows = await sql<{ userId: string; partId: number | null }>`
    delete from message_result
    where corp_id = ${corpId} and message_id = ${id} and state = 'failed' and part_id is not null and ${isAmong}
    returning user_id as "userId", part_id as "partId"`.execute(db)
  return new Map(rows.rows.map(row => [row.userId, row.partId]))
}

/** Keeps the pieces of one text to the same receivers in their original order. */
function inOrder(
  again: PartView[],
  lastN: number,
  common: Pick<NewPart, 'messageId' | 'corpId' | 'channel' | 'nextAttemptAt'>,
): NewPart[] {
  const last = new Map<string, number>()
  const sorted = [...again].sort((a, b) => a.chunk - b.chunk)
  return sorted.map((part, index) => {
    const receivers = part.userIds.join('|')
    const n = lastN + 1 + index
    const afterN = part.chunk > 0 ? (last.get(receivers) ?? null) : null
    last.set(receivers, n)
    return {
      ...common,
      n,
      chunk: part.chunk,
      afterN,
      isFollowed: false,
      userIds: part.userIds,
      memberIds: part.memberIds,
      shared: part.shared,
      state: 'waiting',
      attempts: 0,
      isChecked: false,
      payloadHash: null,
      heldUntil: null,
      hold: null,
      unsureSince: null,
      ways: null,
    }
  })
}
