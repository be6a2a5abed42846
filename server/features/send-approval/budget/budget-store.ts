import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** `devId` is '' for the whole corp. */
export type SpentKey = { corpId: string; month: string; devId: string }
/** In fen; `urgent` is of what only urgent messages may use. */
type SpentSums = { used: number; urgent: number; isStopped: boolean; isUrgentStopped: boolean }
export type SpentRow = SpentKey & SpentSums

const keyColumns = sql`s.corp_id as "corpId", s.month, s.dev_id as "devId"`
const columns = sql`${keyColumns}, s.used, s.urgent, s.stopped_at is not null as "isStopped",
  s.urgent_stopped_at is not null as "isUrgentStopped"`

const given = (keys: readonly SpentKey[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("corpId" text, month text, "devId" text)`

/** Locks these rows, which it makes where there are none, always in the same order. */
export async function lockSpent(tx: Db, keys: readonly SpentKey[]): Promise<SpentRow[]> {
  const found = await lockKnown(tx, keys)
  if (found.length === keys.length) return found
  await sql`
    insert into sms_spent (corp_id, month, dev_id)
    select "corpId", month, "devId" from ${given(keys)} order by 1, 2, 3 on conflict do nothing`.execute(tx)
  return lockKnown(tx, keys)
}

async function lockKnown(tx: Db, keys: readonly SpentKey[]): Promise<SpentRow[]> {
  const { rows } = await sql<SpentRow>`
    select ${columns} from ${given(keys)}
      join sms_spent s on s.corp_id = row."corpId" and s.month = row.month and s.dev_id = row."devId"
    order by s.corp_id, s.month, s.dev_id for update of s`.execute(tx)
  return rows
}

/** Stores what is spent, of rows that are locked. */
export async function putSpent(tx: Db, rows: readonly SpentRow[], at: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update sms_spent s set used = row.used, urgent = row.urgent,
      stopped_at = case when row."isStopped" then coalesce(s.stopped_at, ${at}) end,
      urgent_stopped_at = case when row."isUrgentStopped" then coalesce(s.urgent_stopped_at, ${at}) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("corpId" text, month text, "devId" text, used bigint,
      urgent bigint, "isStopped" boolean, "isUrgentStopped" boolean)
    where s.corp_id = row."corpId" and s.month = row.month and s.dev_id = row."devId"`.execute(tx)
}

export async function spentOf(db: Db, key: SpentKey): Promise<SpentSums> {
  const { rows } = await sql<SpentRow>`
    select ${columns} from ${given([key])}
      join sms_spent s on s.corp_id = row."corpId" and s.month = row.month and s.dev_id = row."devId"`.execute(
    db,
  )
  return rows[0] ?? { used: 0, urgent: 0, isStopped: false, isUrgentStopped: false }
}

/** Returns what is used up of months since `month`, in all corps; a corp may be a month ahead of another. */
export async function stoppedSince(db: Db, month: string): Promise<SpentRow[]> {
  const { rows } = await sql<SpentRow>`
    select ${columns} from sms_spent s
    where s.month >= ${month} and (s.stopped_at is not null or s.urgent_stopped_at is not null)
    order by 1, 2, 3`.execute(db)
  return rows
}

export function pruneSpent(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'sms_spent', sql`month < ${before.toISOString().slice(0, 7)}`, atMost)
}
