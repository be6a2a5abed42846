import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'

/** Calls of all developers of a corp per day; days without calls are left out. */
export async function callsPerDay(
  db: Db,
  corpId: string,
  sinceDay: string,
): Promise<{ day: string; calls: number; failures: number }[]> {
  const rows = await sql<{ day: string; calls: number; failures: number }>`
    select u.day::text as day, sum(u.calls)::int as calls, sum(u.failures)::int as failures
    from developer_usage u join developer d on d.dev_id = u.dev_id
    where d.corp_id = ${corpId} and u.day >= ${sinceDay} group by 1 order by 1`.execute(db)
  return rows.rows
}
