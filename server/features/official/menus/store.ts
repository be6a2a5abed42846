import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Menu } from './menu.ts'

type AccountKey = { corpId: string; originalId: string }

export type MenuVersion = {
  n: number
  source: 'edit' | 'pull' | 'rollback'
  menu: Menu
  actor: string
  createdAt: Date
  publishedAt: Date | null
}

export type MenuState = { publishedN: number | null; failure: string | null }

/** Makes the account's row, and holds it until the transaction ends: versions are numbered one after the other. */
export async function lockMenu(db: Db, { corpId, originalId }: AccountKey): Promise<MenuState> {
  await sql`insert into official_menu (corp_id, original_id) values (${corpId}, ${originalId}) on conflict do nothing`.execute(
    db,
  )
  return db
    .selectFrom('official_menu')
    .select(['published_n as publishedN', 'failure'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function menuState(db: Db, { corpId, originalId }: AccountKey): Promise<MenuState> {
  const row = await db
    .selectFrom('official_menu')
    .select(['published_n as publishedN', 'failure'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .executeTakeFirst()
  return row ?? { publishedN: null, failure: null }
}

/** The newest first. */
export async function menuVersions(
  db: Db,
  { corpId, originalId }: AccountKey,
  limit: number,
): Promise<MenuVersion[]> {
  const rows = await db
    .selectFrom('official_menu_version')
    .select(['n', 'source', 'menu', 'actor', 'created_at as createdAt', 'published_at as publishedAt'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
  return rows as MenuVersion[]
}

export async function insertMenuVersion(
  db: Db,
  { corpId, originalId }: AccountKey,
  version: Omit<MenuVersion, 'publishedAt'>,
  keptAtMost: number,
): Promise<void> {
  const { n, source, menu, actor, createdAt } = version
  await db
    .insertInto('official_menu_version')
    .values({
      corp_id: corpId,
      original_id: originalId,
      n,
      source,
      menu: JSON.stringify(menu),
      actor,
      created_at: createdAt,
    })
    .execute()
  await sql`
    delete from official_menu_version v where corp_id = ${corpId} and original_id = ${originalId}
      and n <= ${n - keptAtMost} and n is distinct from (
        select published_n from official_menu where corp_id = ${corpId} and original_id = ${originalId})`.execute(
    db,
  )
}

export async function noteMenu(
  db: Db,
  { corpId, originalId }: AccountKey,
  { publishedN, failure }: MenuState,
  at: Date,
): Promise<void> {
  await sql`
    insert into official_menu (corp_id, original_id, published_n, failure)
    values (${corpId}, ${originalId}, ${publishedN}, ${failure})
    on conflict (corp_id, original_id) do update set published_n = excluded.published_n, failure = excluded.failure`.execute(
    db,
  )
  if (publishedN !== null && failure === null)
    await db
      .updateTable('official_menu_version')
      .set({ published_at: at })
      .where('corp_id', '=', corpId)
      .where('original_id', '=', originalId)
      .where('n', '=', publishedN)
      .execute()
}

export type ButtonClicks = { key: string; kind: string; clicks: number; people: number }

/** How often each button was pressed since `since`, by its key or address. */
export async function clicksOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: Date,
): Promise<ButtonClicks[]> {
  const { rows } = await sql<ButtonClicks>`
    select coalesce(content->>'EventKey', '') as key, kind, count(*)::int as clicks, count(distinct openid)::int as people
    from official_talk
    where corp_id = ${corpId} and original_id = ${originalId} and kind in ('click', 'view') and at >= ${since}
    group by 1, 2 order by clicks desc limit 200`.execute(db)
  return rows
}
