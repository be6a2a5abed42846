import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type ToldMedia = { corpId: string; devId: string; mediaId: string; agentId: number; userKey: string }

export async function insertMedia(db: Db, media: readonly ToldMedia[], at: Date): Promise<void> {
  if (media.length === 0) return
  await sql`
    insert into agent_media (corp_id, dev_id, media_id, agent_id, user_key, told_at)
    select row."corpId", d.dev_id, row."mediaId", row."agentId", row."userKey", ${at}
    from jsonb_to_recordset(${JSON.stringify(media)}::jsonb)
      as row("corpId" text, "devId" text, "mediaId" text, "agentId" int, "userKey" text)
      join developer d on d.corp_id = row."corpId" and d.dev_id = row."devId"
    order by 1, 2, 3
    on conflict do nothing`.execute(db)
}

export async function mediaToldTo(
  db: Db,
  { corpId, devId }: { corpId: string; devId: string },
  mediaId: string,
): Promise<Pick<ToldMedia, 'agentId' | 'userKey'> | undefined> {
  return db
    .selectFrom('agent_media')
    .select(['agent_id as agentId', 'user_key as userKey'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('media_id', '=', mediaId)
    .executeTakeFirst()
}

export async function lastMediaTold(
  db: Db,
  { corpId, devId }: { corpId: string; devId: string },
): Promise<Pick<ToldMedia, 'agentId' | 'mediaId'> | undefined> {
  return db
    .selectFrom('agent_media')
    .select(['agent_id as agentId', 'media_id as mediaId'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .orderBy('told_at', 'desc')
    .orderBy('media_id')
    .limit(1)
    .executeTakeFirst()
}

export async function pruneMedia(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'agent_media', sql`told_at < ${before}`, atMost)
}
