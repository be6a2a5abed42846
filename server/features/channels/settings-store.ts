import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

export const keepDaysByDefault = 180

/** The settings, or their JSON sealed. */
export type ChannelRow = {
  corpId: string
  channel: string
  settings: Record<string, unknown> | null
  sealed: string | null
}

export async function readChannels(db: Db, corpId: string | undefined): Promise<ChannelRow[]> {
  const rows = await db
    .selectFrom('message_channel')
    .select(['corp_id as corpId', 'channel', 'settings', 'sealed'])
    .where(corpId === undefined ? sql<boolean>`true` : sql<boolean>`corp_id = ${corpId}`)
    .orderBy('corp_id')
    .orderBy('channel')
    .execute()
  return rows as ChannelRow[]
}

export async function writeChannel(db: Db, { corpId, channel, settings, sealed }: ChannelRow): Promise<void> {
  const row = { settings: settings && JSON.stringify(settings), sealed }
  await db
    .insertInto('message_channel')
    .values({ corp_id: corpId, channel, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'channel']).doUpdateSet(row))
    .execute()
}

export async function deleteChannel(db: Db, corpId: string, channel: string): Promise<void> {
  await db
    .deleteFrom('message_channel')
    .where('corp_id', '=', corpId)
    .where('channel', '=', channel)
    .execute()
}

export async function keepDaysOf(db: Db, corpId: string): Promise<number> {
  const row = await db
    .selectFrom('message_settings')
    .select('keep_days')
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.keep_days ?? keepDaysByDefault
}

export async function writeKeepDays(db: Db, corpId: string, keepDays: number): Promise<void> {
  await db
    .insertInto('message_settings')
    .values({ corp_id: corpId, keep_days: keepDays })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet({ keep_days: keepDays }))
    .execute()
}

/** Until the transaction ends, settings of this corp are changed by nobody else. */
export async function lockCorp(db: Db, corpId: string): Promise<void> {
  await sql`select 1 from corp where corp_id = ${corpId} for no key update`.execute(db)
}

export function versionOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}

export type LastTrial = { at: Date; actor: string; act: string; detail: unknown }

/** The last test of one of these versions of the settings, or else of any. */
export async function lastTrial(
  db: Db,
  corpId: string,
  channel: string,
  versions: readonly string[],
): Promise<LastTrial | undefined> {
  return db
    .selectFrom('audit')
    .select(['at', 'actor', 'act', 'detail'])
    .where('corp_id', '=', corpId)
    .where('act', '=', 'message.test')
    .where('target', '=', channel)
    .orderBy(sql`coalesce(detail->>'version' = any(${versions}::text[]), false)`, 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}
