import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { type Owner, ownerColumns } from '../auto-replies/conversation-owner.ts'

export type MenuVersion<Menu> = {
  n: number
  source: 'edit' | 'pull' | 'rollback'
  menu: Menu
  actor: string
  createdAt: Date
  publishedAt: Date | null
}

export type MenuState = { publishedN: number | null; failure: string | null }

/** Makes the owner's row, and holds it until the transaction ends: versions are numbered one after the other. */
export async function lockMenu(db: Db, owner: Owner): Promise<MenuState> {
  const row = ownerColumns(owner)
  await db
    .insertInto('official_menu')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return db
    .selectFrom('official_menu')
    .select(['published_n as publishedN', 'failure'])
    .where('corp_id', '=', owner.corpId)
    .where('owner_id', '=', owner.ownerId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function menuState(db: Db, owner: Owner): Promise<MenuState> {
  const row = await db
    .selectFrom('official_menu')
    .select(['published_n as publishedN', 'failure'])
    .where('corp_id', '=', owner.corpId)
    .where('owner_id', '=', owner.ownerId)
    .executeTakeFirst()
  return row ?? { publishedN: null, failure: null }
}

/** The newest first. */
export async function menuVersions<Menu>(db: Db, owner: Owner, limit: number): Promise<MenuVersion<Menu>[]> {
  const rows = await db
    .selectFrom('official_menu_version')
    .select(['n', 'source', 'menu', 'actor', 'created_at as createdAt', 'published_at as publishedAt'])
    .where('corp_id', '=', owner.corpId)
    .where('owner_id', '=', owner.ownerId)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
  return rows as MenuVersion<Menu>[]
}

export async function insertMenuVersion(
  db: Db,
  owner: Owner,
  version: Omit<MenuVersion<unknown>, 'publishedAt'>,
  keptAtMost: number,
): Promise<void> {
  const { n, source, menu, actor, createdAt } = version
  const { corpId, ownerId } = owner
  await db
    .insertInto('official_menu_version')
    .values({
      ...ownerColumns(owner),
      n,
      source,
      menu: JSON.stringify(menu),
      actor,
      created_at: createdAt,
    })
    .execute()
  await sql`
    delete from official_menu_version v where corp_id = ${corpId} and owner_id = ${ownerId}
      and n <= ${n - keptAtMost} and n is distinct from (
        select published_n from official_menu where corp_id = ${corpId} and owner_id = ${ownerId})`.execute(
    db,
  )
}

export async function noteMenu(
  db: Db,
  owner: Owner,
  { publishedN, failure }: MenuState,
  at: Date,
): Promise<void> {
  const state = { published_n: publishedN, failure }
  await db
    .insertInto('official_menu')
    .values({ ...ownerColumns(owner), ...state })
    .onConflict(conflict => conflict.columns(['corp_id', 'owner_id']).doUpdateSet(state))
    .execute()
  if (publishedN !== null && failure === null)
    await db
      .updateTable('official_menu_version')
      .set({ published_at: at })
      .where('corp_id', '=', owner.corpId)
      .where('owner_id', '=', owner.ownerId)
      .where('n', '=', publishedN)
      .execute()
}
