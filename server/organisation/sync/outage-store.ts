import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { storedWords, type Words, wordsToStore } from '../../platform/words.ts'

/** `attempts` is 0 while the first failing attempt is still under way. */
export type Outage = { since: Date; attempts: number; nextAt: Date; reason: Words | string }

const columns = ['since', 'attempts', 'next_at as nextAt', 'reason'] as const

export async function readOutage(db: Db, corpId: string): Promise<Outage | undefined> {
  const row = await db
    .selectFrom('wecom_outage')
    .select(columns)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row && { ...row, reason: storedWords(row.reason) }
}

export async function putOutage(db: Db, corpId: string, outage: Outage): Promise<void> {
  const { since, attempts, nextAt, reason } = outage
  const row = { since, attempts, next_at: nextAt, reason: wordsToStore(reason) }
  await db
    .insertInto('wecom_outage')
    .values({ corp_id: corpId, ...row })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(row))
    .execute()
}

export async function dropOutage(db: Db, corpId: string): Promise<void> {
  await db.deleteFrom('wecom_outage').where('corp_id', '=', corpId).execute()
}

/** Makes the next call to WeCom due at once, however often it has failed. */
export async function hastenOutage(db: Db, corpId: string, at: Date): Promise<void> {
  await db
    .updateTable('wecom_outage')
    .set({ next_at: sql`least(next_at, ${at})` })
    .where('corp_id', '=', corpId)
    .execute()
}

const wokenOverSeconds = 60

/**
 * The corps that fell silent with all others are asked again within the next minute, one after the other, since what kept them
 * silent is over.
 */
export async function wakeOutages(tx: Db, { since, from }: { since: Date; from: Date }): Promise<void> {
  await sql`
    with woken as (
      update wecom_outage set next_at = ${from}::timestamptz + random() * make_interval(secs => ${wokenOverSeconds})
      where next_at > ${from} and since > ${since}::timestamptz - interval '1 minute'
      returning corp_id, next_at
    ), tasks as (
      select q.corp_id, woken.next_at from queue q join woken on woken.corp_id = q.corp_id
      where q.stream = 'directory' and q.key = '' and q.lease is null and q.due_at > woken.next_at
      order by q.corp_id for update of q skip locked
    )
    update queue q set due_at = tasks.next_at from tasks
    where q.corp_id = tasks.corp_id and q.stream = 'directory' and q.key = ''`.execute(tx)
}

export async function outagesSince(
  db: Db,
  before: Date,
): Promise<{ corpId: string; since: Date; reason: Words | string }[]> {
  const rows = await db
    .selectFrom('wecom_outage')
    .select(['corp_id as corpId', 'since', 'reason'])
    .where('since', '<=', before)
    .execute()
  return rows.map(row => ({ ...row, reason: storedWords(row.reason) }))
}
