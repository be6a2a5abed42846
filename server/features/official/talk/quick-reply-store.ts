import type { Db } from '../../../platform/storage/db.ts'
import type { AccountKey } from './store.ts'

export type QuickReply = { id: number; shortcut: string; content: string }

export async function quickRepliesOf(db: Db, { corpId, originalId }: AccountKey): Promise<QuickReply[]> {
  return db
    .selectFrom('official_quick_reply')
    .select(['id', 'shortcut', 'content'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .orderBy('shortcut')
    .execute()
}

export async function insertQuickReply(
  db: Db,
  { corpId, originalId }: AccountKey,
  { shortcut, content }: Omit<QuickReply, 'id'>,
): Promise<number> {
  const { id } = await db
    .insertInto('official_quick_reply')
    .values({ corp_id: corpId, original_id: originalId, shortcut, content })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Returns whether it was there. */
export async function updateQuickReply(
  db: Db,
  { corpId, originalId }: AccountKey,
  { id, shortcut, content }: QuickReply,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('official_quick_reply')
    .set({ shortcut, content })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Returns its shortcut; undefined when there was none. */
export async function deleteQuickReply(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
): Promise<string | undefined> {
  const row = await db
    .deleteFrom('official_quick_reply')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .returning('shortcut')
    .executeTakeFirst()
  return row?.shortcut
}
