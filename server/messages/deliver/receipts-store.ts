import { sql } from 'kysely'
import type { PruneOrder } from '../../operation/retention.ts'
import type { Db } from '../../storage/db.ts'
import { deleteSome } from '../../storage/prune.ts'
import type { Receipt } from '../channels/channel.ts'

/** Receipts as one pull brought them, until they are noted at their messages. */
export type Pull = { id: number; receipts: Receipt[] }

export async function storePull(
  db: Db,
  corpId: string,
  channel: string,
  receipts: readonly Receipt[],
  at: Date,
): Promise<void> {
  await db
    .insertInto('message_receipt')
    .values({ corp_id: corpId, channel, receipts: JSON.stringify(receipts), received_at: at })
    .execute()
}

export async function storedPulls(db: Db, corpId: string, channel: string, limit: number): Promise<Pull[]> {
  return db
    .selectFrom('message_receipt')
    .select(['id', 'receipts'])
    .where('corp_id', '=', corpId)
    .where('channel', '=', channel)
    .orderBy('id')
    .limit(limit)
    .execute() as Promise<Pull[]>
}

export async function deletePull(db: Db, corpId: string, id: number): Promise<void> {
  await db.deleteFrom('message_receipt').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

export async function pruneReceipts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_receipt', sql`received_at < ${before}`, atMost)
}
