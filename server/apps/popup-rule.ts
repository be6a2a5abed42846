import type { Db } from '../storage/db.ts'

/** Whether popups of a corp's apps may only show pages on the asking app's registered origins (spec §6, Popup). */
export async function popupsAreLimited(db: Db, corpId: string): Promise<boolean> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('key', '=', keyOf(corpId))
    .executeTakeFirst()
  return (row?.value as { registeredOnly?: boolean } | undefined)?.registeredOnly === true
}

export async function limitPopups(db: Db, corpId: string, registeredOnly: boolean): Promise<void> {
  const value = JSON.stringify({ registeredOnly })
  await db
    .insertInto('setting')
    .values({ key: keyOf(corpId), value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

const keyOf = (corpId: string) => `popups:${corpId}`
