import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type SignInRow = {
  corpId: string
  at: Date
  /** The request id, which a refused person sees. */
  number: string
  /** Null: wisp itself. */
  appId: string | null
  appName: string
  memberId: number | null
  userId: string
  userName: string
  way: string
  /** '' where it succeeded. */
  reason: string
  /** As `wordsToStore` wrote it. */
  detail: string
  acr: number | null
  amr: readonly string[]
  released: readonly string[]
  address: string
  userAgent: string
}

export async function insertSignIns(db: Db, rows: readonly SignInRow[]): Promise<void> {
  await db
    .insertInto('sign_in_log')
    .values(
      rows.map(row => ({
        corp_id: row.corpId,
        at: row.at,
        number: row.number,
        app_id: row.appId,
        app_name: row.appName,
        member_id: row.memberId,
        user_id: row.userId,
        user_name: row.userName,
        way: row.way,
        reason: row.reason,
        detail: row.detail,
        acr: row.acr,
        amr: [...row.amr],
        released: [...row.released],
        address: row.address,
        user_agent: row.userAgent,
      })),
    )
    .execute()
}

export async function pruneSignIns(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'sign_in_log', sql`old.at < ${before}`, 'at', atMost)
}
