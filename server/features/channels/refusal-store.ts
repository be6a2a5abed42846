import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** `agentId` is 0 for a channel without agents. */
export type ChannelRefusal = { corpId: string; channel: string; agentId: number; reason: string }

export async function putRefusals(db: Db, refusals: ChannelRefusal[], at: Date): Promise<void> {
  if (refusals.length === 0) return
  const latest = [
    ...new Map(refusals.map(one => [`${one.corpId} ${one.channel} ${one.agentId}`, one])).values(),
  ]
  // Nodes write these rows in one order, so that none waits for another in a circle.
  await sql`
    insert into message_refusal (corp_id, channel, agent_id, reason, at)
    select "corpId", channel, "agentId", reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(latest)}::jsonb)
      as row("corpId" text, channel text, "agentId" int, reason text)
    order by 1, 2, 3
    on conflict (corp_id, channel, agent_id) do update set reason = excluded.reason, at = excluded.at`.execute(
    db,
  )
}

/** Forgets what was refused with other settings, or before a test that succeeded. */
export async function deleteRefusals(db: Db, corpId: string, channel: string): Promise<void> {
  await db
    .deleteFrom('message_refusal')
    .where('corp_id', '=', corpId)
    .where('channel', '=', channel)
    .execute()
}

/** The corps of those refusals that are not known yet; a channel that stays refused is no news. */
export async function corpsNewlyRefused(db: Db, refusals: ChannelRefusal[]): Promise<string[]> {
  if (refusals.length === 0) return []
  const found = await sql<{ corpId: string }>`
    select distinct row."corpId" from jsonb_to_recordset(${JSON.stringify(refusals)}::jsonb)
      as row("corpId" text, channel text, "agentId" int, reason text)
    where not exists (select from message_refusal r where r.corp_id = row."corpId" and r.channel = row.channel
      and r.agent_id = row."agentId" and r.reason = row.reason) order by 1`.execute(db)
  return found.rows.map(row => row.corpId)
}

/** Whether the channel was refused for this reason since then. */
export async function isRefusedSince(db: Db, refusal: ChannelRefusal, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('message_refusal')
    .select('at')
    .where('corp_id', '=', refusal.corpId)
    .where('channel', '=', refusal.channel)
    .where('agent_id', '=', refusal.agentId)
    .where('reason', '=', refusal.reason)
    .where('at', '>=', since)
    .executeTakeFirst()
  return row !== undefined
}

/** What was accepted since is looked for among so many of the newest messages. */
const lookedAtMost = 1000

/** The refusals of all corps after which nothing was sent, and neither did the agent get another secret. */
export async function standingRefusals(db: Db): Promise<ChannelRefusal[]> {
  const found = await sql<ChannelRefusal>`
    select r.corp_id as "corpId", r.channel, r.agent_id as "agentId", r.reason from message_refusal r
    where not exists (select 1 from agent a
        where a.corp_id = r.corp_id and a.agent_id = r.agent_id and a.secret_at > r.at)
      and not exists (
        select 1 from (
          select id from message m where m.corp_id = r.corp_id and m.channel = r.channel
            and coalesce(m.agent_id, 0) = r.agent_id and m.created_at > r.at - interval '1 day'
          order by created_at desc limit ${lookedAtMost}) newest
        join message_part p on p.corp_id = r.corp_id and p.message_id = newest.id
        where p.state = 'sent' and p.finished_at > r.at)`.execute(db)
  return found.rows
}

export async function pruneRefusals(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_refusal', sql`at < ${before}`, atMost)
}
