import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type LifeRow = {
  corpId: string
  agentId: number
  track: 'unused' | 'low'
  event: string
  effectAt: Date | null
  at: Date
}

/** Keeps the latest by WeCom's clock; of an agent that was removed nothing is kept. */
export async function putLife(
  db: Db,
  { corpId, agentId, track, event, effectAt, at }: LifeRow,
): Promise<void> {
  await sql`
    insert into agent_life (corp_id, agent_id, track, event, effect_at, at)
    select corp_id, agent_id, ${track}::text, ${event}::text, ${effectAt}::timestamptz, ${at}::timestamptz from agent
    where corp_id = ${corpId} and agent_id = ${agentId}
    on conflict (corp_id, agent_id, track) do update
      set event = excluded.event, effect_at = excluded.effect_at, at = excluded.at
      where excluded.at >= agent_life.at`.execute(db)
}

/** Returns the states of the WeCom apps of a corp, or of all. */
export async function livesOf(db: Db, corpId?: string): Promise<LifeRow[]> {
  return db
    .selectFrom('agent_life')
    .select(['corp_id as corpId', 'agent_id as agentId', 'track', 'event', 'effect_at as effectAt', 'at'])
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('corp_id')
    .orderBy('agent_id')
    .orderBy('track')
    .execute()
}
