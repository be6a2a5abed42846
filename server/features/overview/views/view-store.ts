import { sql } from 'kysely'
import { isOrphan } from '../../../organisation/directory/orphan-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** `owner`: a person as `ownerOf` names them, or `ofCorp`. `list`: the path of the page call that answers with the list. */
export type ViewKey = { corpId: string; owner: string; list: string; name: string }

/** The owner of views that all administrators of a corp have. */
export const ofCorp = ''

/** Returns the views, first those of the corp, each by name. */
export async function viewsOf(
  db: Db,
  { corpId, owner, list }: Omit<ViewKey, 'name'>,
): Promise<{ owner: string; name: string; query: string }[]> {
  return db
    .selectFrom('list_view')
    .select(['owner', 'name', 'query'])
    .where('corp_id', '=', corpId)
    .where('owner', 'in', [ofCorp, owner])
    .where('list', '=', list)
    .orderBy('owner')
    .orderBy('name')
    .execute()
}

/** Replaces the view of the same name. Returns false when its owner has `atMost` others, of all lists together. */
export async function putView(
  db: Db,
  { corpId, owner, list, name }: ViewKey,
  query: string,
  atMost: number,
): Promise<boolean> {
  const rows = await sql`
    insert into list_view (corp_id, owner, list, name, query)
    select ${corpId}, ${owner}, ${list}, ${name}, ${query}
    where (select count(*) from list_view where corp_id = ${corpId} and owner = ${owner}
      and (list, name) <> (${list}, ${name})) < ${atMost}
    on conflict (corp_id, owner, list, name) do update set query = excluded.query
    returning 1`.execute(db)
  return rows.rows.length > 0
}

/** Returns false when there is none. */
export async function dropView(db: Db, { corpId, owner, list, name }: ViewKey): Promise<boolean> {
  const done = await db
    .deleteFrom('list_view')
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .where('list', '=', list)
    .where('name', '=', name)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}

/** Deletes the views of persons who no longer exist; those of a corp go with it. */
export async function pruneViews(db: Db, { atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'list_view', sql`list_view.owner <> ${ofCorp} and ${isOrphan('list_view')}`, atMost)
}
