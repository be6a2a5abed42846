import { sql } from 'kysely'
import { isOrphan } from '../../../organisation/directory/orphan-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** What a person arranged. Messages that arrived after `readAt` are unread. */
export type Arrangement = { favourites: string[]; recent: string[]; readAt: Date | null }

export async function arrangementOf(db: Db, corpId: string, owner: string): Promise<Arrangement> {
  const row = await db
    .selectFrom('workbench')
    .select(['favourites', 'recent', 'read_at as readAt'])
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .executeTakeFirst()
  return row ?? { favourites: [], recent: [], readAt: null }
}

/** Moves an app to the front of the recently opened ones, each of which is listed once. */
export async function noteOpened(
  db: Db,
  corpId: string,
  owner: string,
  appId: string,
  keep: number,
): Promise<void> {
  await sql`
    insert into workbench as w (corp_id, owner, recent) values (${corpId}, ${owner}, array[${appId}::text])
    on conflict (corp_id, owner) do update
      set recent = (array_prepend(${appId}::text, array_remove(w.recent, ${appId}::text)))[1:${sql.lit(keep)}]
    where w.recent[1] is distinct from ${appId}`.execute(db)
}

/** Appends a favourite. Returns false when there are already `atMost`. */
export async function putFavourite(
  db: Db,
  corpId: string,
  owner: string,
  appId: string,
  atMost: number,
): Promise<boolean> {
  const rows = await sql`
    insert into workbench as w (corp_id, owner, favourites) values (${corpId}, ${owner}, array[${appId}::text])
    on conflict (corp_id, owner) do update set favourites =
      case when ${appId} = any(w.favourites) then w.favourites else array_append(w.favourites, ${appId}::text) end
    where cardinality(w.favourites) < ${atMost} or ${appId} = any(w.favourites)
    returning 1`.execute(db)
  return rows.rows.length > 0
}

export async function dropFavourite(db: Db, corpId: string, owner: string, appId: string): Promise<void> {
  await sql`
    update workbench set favourites = array_remove(favourites, ${appId}::text)
    where corp_id = ${corpId} and owner = ${owner}`.execute(db)
}

/** Puts the named favourites first, in that order. It neither adds nor removes favourites. */
export async function orderFavourites(
  db: Db,
  corpId: string,
  owner: string,
  appIds: string[],
): Promise<void> {
  await sql`
    update workbench set favourites = array(
      select id from unnest(favourites) with ordinality as f(id, n)
      order by array_position(${appIds}::text[], id), n)
    where corp_id = ${corpId} and owner = ${owner}`.execute(db)
}

/** Never moves the time backwards, since an older page may still be open. */
export async function markReadUpTo(db: Db, corpId: string, owner: string, at: Date): Promise<void> {
  await sql`
    insert into workbench as w (corp_id, owner, read_at) values (${corpId}, ${owner}, ${at})
    on conflict (corp_id, owner) do update set read_at = greatest(w.read_at, ${at})`.execute(db)
}

/** Deletes workbenches whose person no longer exists. */
export async function pruneWorkbenches(db: Db, { atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'workbench', isOrphan('workbench'), atMost)
}
