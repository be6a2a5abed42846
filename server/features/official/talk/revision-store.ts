import { sql } from 'kysely'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { AccountKey } from './store.ts'

/** Returns the key of an account in memory and in signals. */
export const talkKey = ({ corpId, originalId }: AccountKey) => `${corpId} ${originalId} `

/**
 * Tells all open pages of the account's conversations to look again. Others of the account wait for
 * the row until the transaction ends, so it is taken after the rows of conversations, and before the queue's.
 */
export async function touchTalk(tx: Db, of: AccountKey): Promise<void> {
  await sql`
    insert into official_talk_revision as r values (${of.corpId}, ${of.originalId}, 1)
    on conflict (corp_id, original_id) do update set revision = r.revision + 1`.execute(tx)
  await signal(tx, 'wisp_conversation', talkKey(of))
}

export async function talkRevision(db: Db, { corpId, originalId }: AccountKey): Promise<number> {
  const row = await db
    .selectFrom('official_talk_revision')
    .select('revision')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .executeTakeFirst()
  return row?.revision ?? 0
}
