import type { Selectable } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Tables } from '../../../platform/storage/tables.ts'

export type CallbackRow = Selectable<Tables['agent_callback']>

/** Returns the callbacks of a corp, or of all. */
export async function allCallbacks(db: Db, corpId?: string): Promise<CallbackRow[]> {
  return db
    .selectFrom('agent_callback')
    .selectAll()
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('corp_id')
    .orderBy('agent_id')
    .execute()
}

/** Locks the row until the end of the transaction. */
export async function lockCallback(
  db: Db,
  corpId: string,
  agentId: number,
): Promise<CallbackRow | undefined> {
  return db
    .selectFrom('agent_callback')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst()
}

export type NewCallback = Pick<
  CallbackRow,
  'corp_id' | 'agent_id' | 'address_key' | 'token' | 'aes_key' | 'created_at'
>

/** Returns false when the agent has one already. */
export async function insertCallback(db: Db, row: NewCallback): Promise<boolean> {
  const inserted = await db
    .insertInto('agent_callback')
    .values(row)
    .onConflict(conflict => conflict.columns(['corp_id', 'agent_id']).doNothing())
    .returning('agent_id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateCallback(
  db: Db,
  corpId: string,
  agentId: number,
  change: Partial<CallbackRow>,
): Promise<void> {
  await db
    .updateTable('agent_callback')
    .set(change)
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .execute()
}
