import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'

type AccountKey = { corpId: string; originalId: string }

export type QrCode = {
  scene: string
  name: string
  url: string
  createdAt: Date
  /** Null: permanent. */
  expiresAt: Date | null
}

/** People by the code they came by last: who follows now, and who left again. */
export type QrCodeWithCounts = QrCode & { following: number; left: number }

export async function putQrCode(db: Db, { corpId, originalId }: AccountKey, code: QrCode): Promise<void> {
  const { scene, name, url, createdAt: created_at, expiresAt: expires_at } = code
  const row = { name, url, created_at, expires_at }
  await db
    .insertInto('official_qr_code')
    .values({ corp_id: corpId, original_id: originalId, scene, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'original_id', 'scene']).doUpdateSet(row))
    .execute()
}

/** The newest first. */
export async function listQrCodes(
  db: Db,
  { corpId, originalId }: AccountKey,
  page: { limit: number; offset: number },
): Promise<{ list: QrCodeWithCounts[]; total: number }> {
  const [found, counted] = await Promise.all([
    sql<QrCodeWithCounts>`
      select q.scene, q.name, q.url, q.created_at as "createdAt", q.expires_at as "expiresAt", c.*
      from official_qr_code q, lateral (
        select (count(*) filter (where subscribed))::int as following,
          (count(*) filter (where not subscribed))::int as left
        from official_follower f
        where f.corp_id = q.corp_id and f.original_id = q.original_id and f.qr_scene = q.scene and f.qr_scene <> ''
      ) c
      where q.corp_id = ${corpId} and q.original_id = ${originalId}
      order by q.created_at desc, q.scene limit ${page.limit} offset ${page.offset}`.execute(db),
    db
      .selectFrom('official_qr_code')
      .select(select => select.fn.countAll<number>().as('n'))
      .where('corp_id', '=', corpId)
      .where('original_id', '=', originalId)
      .executeTakeFirst(),
  ])
  return { list: found.rows, total: Number(counted?.n ?? 0) }
}

/** Returns false when there is none. The code itself goes on leading to the account. */
export async function deleteQrCode(
  db: Db,
  { corpId, originalId }: AccountKey,
  scene: string,
): Promise<boolean> {
  const done = await db
    .deleteFrom('official_qr_code')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('scene', '=', scene)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}
