import type { Db } from '../../../platform/storage/db.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'

/** Tells the developers of these messages that something became of them, in the transaction in which it did. */
export async function tellResults(tx: Db, messageIds: readonly string[], at: Date): Promise<void> {
  if (messageIds.length === 0) return
  const messages = await tx
    .selectFrom('message')
    .select(['id', 'corp_id as corpId', 'dev_id as devId'])
    .where('id', 'in', [...new Set(messageIds)])
    .where('dev_id', '<>', '')
    .orderBy('id')
    .execute()
  const events = messages.map(
    ({ id, corpId, devId }): NewEvent => ({
      corpId,
      devId,
      type: 'message.result',
      scope: undefined,
      entity: `message:${id}`,
      data: { msgId: id },
    }),
  )
  await tellDevelopers(tx, events, at)
}
