import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageRow } from '../../channels/part.ts'
import { tellDevelopers } from '../../events/outbox-store.ts'
import { findMessage } from '../parts/store.ts'
import { lookNow } from '../plans/fallback-store.ts'
import { type MarkKind, stamp } from './mark-store.ts'

type MarkTarget = Pick<MessageRow, 'corpId' | 'id' | 'devId' | 'typeKey' | 'children'>

/** The message that is listed, of one that carries one text of it. */
export async function listedOf(db: Db, message: MessageRow): Promise<MessageRow> {
  if (message.parentId === null) return message
  return (await findMessage(db, { corpId: message.corpId, id: message.parentId })) ?? message
}

/** Notes that a person opened a message, and tells its developer, once for each person. */
export function noteRead(tx: Db, message: MarkTarget, memberId: number, at: Date): Promise<void> {
  return note(tx, message, memberId, ['read'], at)
}

/** Notes that a person acknowledged a message, which says that they have read it. A repetition changes nothing. */
export function noteAcknowledged(tx: Db, message: MarkTarget, memberId: number, at: Date): Promise<void> {
  return note(tx, message, memberId, ['read', 'acknowledged'], at)
}

/** Embedded inboxes of this person count again, on all nodes. */
export function tellInboxes(db: Db, corpId: string, memberId: number): Promise<void> {
  return signal(db, 'wisp_inbox', `${corpId} ${memberId}`)
}

/** Comes last in its transaction: those that tell developers of the corp something wait for its commit. */
async function note(
  tx: Db,
  { corpId, id, devId, typeKey, children }: MarkTarget,
  memberId: number,
  kinds: readonly MarkKind[],
  at: Date,
): Promise<void> {
  const isNew: MarkKind[] = []
  for (const kind of kinds)
    if (await stamp(tx, { corpId, messageId: id, memberId }, kind, at)) isNew.push(kind)
  if (isNew.length === 0) return
  await tellInboxes(tx, corpId, memberId)
  const events = isNew.map(kind => ({
    corpId,
    devId,
    type: `message.${kind}`,
    scope: undefined,
    // In order for each person; nobody waits for what others did.
    entity: `message:${id}:${memberId}`,
    data: { msgId: id, memberId },
  }))
  if (devId !== '') await tellDevelopers(tx, events, at)
  // What was to go by another channel may be over.
  if (typeKey !== null && children !== null) await lookNow(tx, [{ corpId, messageId: id, memberId }], at)
}
