import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { QuietHours } from './quiet-hours.ts'

// They began as those of to-dos, whose table keeps them.

type Row = { days: number[]; from: number | null; to: number | null; timeZone: string }
const columns = sql`quiet_days as days, quiet_from as "from", quiet_to as "to", time_zone as "timeZone"`

function quietOf(row: Row | undefined): QuietHours | null {
  if (!row || row.from === null || row.to === null) return null
  return { days: row.days, from: row.from, to: row.to, timeZone: row.timeZone }
}

/** Returns the quiet hours of one corp or of all; corps without any are absent. */
export async function allQuietHours(db: Db, corpId: string | undefined): Promise<[string, QuietHours][]> {
  const { rows } = await sql<Row & { corpId: string }>`
    select corp_id as "corpId", ${columns} from todo_corp_setting
    where quiet_from is not null and ${corpId === undefined ? sql`true` : sql`corp_id = ${corpId}`}`.execute(
    db,
  )
  return rows.flatMap(row => {
    const quiet = quietOf(row)
    return quiet ? [[row.corpId, quiet] as [string, QuietHours]] : []
  })
}

/** Locks the row of the corp's settings, if there is one. */
export async function lockQuietHours(tx: Db, corpId: string): Promise<QuietHours | null> {
  const { rows } = await sql<Row>`
    select ${columns} from todo_corp_setting where corp_id = ${corpId} for update`.execute(tx)
  return quietOf(rows[0])
}

export async function putQuietHours(
  tx: Db,
  corpId: string,
  quiet: QuietHours | null,
  by: { at: Date; actor: string },
): Promise<void> {
  const row = {
    ...(quiet ? { quiet_days: [...quiet.days] } : {}),
    quiet_from: quiet?.from ?? null,
    quiet_to: quiet?.to ?? null,
    time_zone: quiet?.timeZone ?? '',
    updated_at: by.at,
    updated_by: by.actor,
  }
  await tx
    .insertInto('todo_corp_setting')
    .values({ corp_id: corpId, ...row })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(row))
    .execute()
}
