import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { isTroubled } from '../fate/fate-store.ts'
import { partsSummed, stateOfMessage } from '../figures/message-state-store.ts'
import { columns, lookedAtMost, scannedAtMost } from './console-store.ts'

/** Messages of a channel since a moment, as the list shows them. `isWhole` is false when only the newest were looked at for their state. */
export type ChannelUse = { messages: number; troubled: number; waiting: number; isWhole: boolean }

/**
 * Returns the use by channel; channels without messages are left out. All are counted, and the newest of each channel are looked at for their state: as many
 * as the list examines, so that both agree.
 */
export async function useOfChannels(db: Db, corpId: string, since: Date): Promise<Map<string, ChannelUse>> {
  const { rows } = await sql<ChannelUse & { channel: string }>`
    with counted as (
      select channel, count(*)::int as messages from message
      where corp_id = ${corpId} and created_at >= ${since} and parent_id is null group by 1)
    select c.channel, c.messages, looked.troubled, looked.waiting, c.messages <= ${lookedAtMost} as "isWhole"
    from counted c cross join lateral (
      select count(*) filter (where ${isTroubled})::int as troubled, count(*) filter (where ${stateOfMessage} = 'queued')::int as waiting
      from (select ${columns} from message m
        where m.corp_id = ${corpId} and m.channel = c.channel and m.created_at >= ${since} and m.parent_id is null
        order by m.created_at desc limit ${lookedAtMost}) m
      cross join lateral ${partsSummed} s) looked`.execute(db)
  return new Map(rows.map(({ channel, ...use }) => [channel, use]))
}

/** The newest message of each channel that did not reach everybody, or may not have, among the newest since then. */
export async function lastTroubled(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ channel: string; id: string; at: Date; receivers: number; children: string[] | null }[]> {
  const { rows } = await sql<{
    channel: string
    id: string
    at: Date
    receivers: number
    children: string[] | null
  }>`
    select distinct on (m.channel) m.channel, m.id, m.created_at as at, m.receivers, m.children
    from (select ${columns}, m.parent_id from message m where m.corp_id = ${corpId} and m.created_at >= ${since}
      order by m.created_at desc limit ${scannedAtMost}) m
    where m.parent_id is null and ${isTroubled}
    order by m.channel, m.created_at desc, m.id desc`.execute(db)
  return rows
}

/**
 * What was reserved for the SMS of messages since a moment, in fen; what did not leave gave it back. Where no budget paid, the cost that an
 * attempt noted counts only while it may have left.
 */
export async function costSince(
  db: Db,
  corpId: string,
  since: Date,
  channels: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ channel: string; fen: number }>`
    select p.channel, coalesce(sum(p.cost)
      filter (where p.paid_from is not null or p.state in ('sent', 'unknown', 'asking')), 0)::float8 as fen
    from message m join message_part p on p.corp_id = m.corp_id and p.message_id = m.id
    where m.corp_id = ${corpId} and m.created_at >= ${since} and m.channel = any(${channels}::text[])
    group by 1`.execute(db)
  return new Map(rows.map(({ channel, fen }) => [channel, fen]))
}
