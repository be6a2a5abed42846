import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import { deleteSome } from '../../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../../platform/storage/retention.ts'
import type { Words } from '../../../../platform/words.ts'
import type { Receipt } from '../../channel.ts'

/** `reason` as it is stored about the message. */
export type NotedBounce = { context: string; address: string; reason: string; status: string; said: string }

export async function insertBounces(
  tx: Db,
  corpId: string,
  bounces: readonly NotedBounce[],
  at: Date,
): Promise<void> {
  if (bounces.length === 0) return
  await tx
    .insertInto('mail_bounce')
    .values(
      bounces.map(({ context, address, reason }) => ({
        corp_id: corpId,
        context,
        address,
        reason,
        read_at: at,
      })),
    )
    .execute()
}

/** Takes some away, oldest first, as receipts. */
export async function takeBounces(tx: Db, corpId: string, limit: number): Promise<Receipt[]> {
  const { rows } = await sql<Omit<Receipt, 'isDelivered'>>`
    delete from mail_bounce where corp_id = ${corpId} and id in (
      select id from mail_bounce where corp_id = ${corpId} order by id limit ${limit} for update skip locked)
    returning context, address, reason`.execute(tx)
  return rows.map(row => ({ ...row, isDelivered: false }))
}

export async function corpsWithBounces(db: Db): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select corp_id as "corpId" from corp c where exists (select from mail_bounce b where b.corp_id = c.corp_id)`.execute(
    db,
  )
  return rows.map(row => row.corpId)
}

export type Stop = { address: string; status: string; said: string; stoppedAt: Date }

export async function stopAddresses(
  tx: Db,
  corpId: string,
  stops: readonly Pick<Stop, 'address' | 'status' | 'said'>[],
  at: Date,
): Promise<void> {
  for (const { address, status, said } of stops) {
    const row = { status, said, stopped_at: at }
    await tx
      .insertInto('mail_stop')
      .values({ corp_id: corpId, address, ...row })
      .onConflict(conflict => conflict.columns(['corp_id', 'address']).doUpdateSet(row))
      .execute()
  }
}

const stopColumns = ['address', 'status', 'said', 'stopped_at as stoppedAt'] as const

export async function findStop(db: Db, corpId: string, address: string): Promise<Stop | undefined> {
  return db
    .selectFrom('mail_stop')
    .select(stopColumns)
    .where('corp_id', '=', corpId)
    .where('address', '=', address.toLowerCase())
    .executeTakeFirst()
}

/** The newest first. */
export async function listStops(db: Db, corpId: string, limit: number): Promise<Stop[]> {
  return db
    .selectFrom('mail_stop')
    .select(stopColumns)
    .where('corp_id', '=', corpId)
    .orderBy('stopped_at', 'desc')
    .orderBy('address')
    .limit(limit)
    .execute()
}

export async function deleteStop(tx: Db, corpId: string, address: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('mail_stop')
    .where('corp_id', '=', corpId)
    .where('address', '=', address.toLowerCase())
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** How far a mailbox was read. `box`: which one; another begins at its end. */
export type Box = { box: string; uidValidity: string; nextUid: number }
export type BoxState = Box & { readAt: Date; failingSince: Date | null; failure: Words | null }

export async function findBox(db: Db, corpId: string): Promise<BoxState | undefined> {
  const row = await db.selectFrom('mail_box').selectAll().where('corp_id', '=', corpId).executeTakeFirst()
  return (
    row && {
      box: row.box,
      uidValidity: row.uid_validity,
      nextUid: Number(row.next_uid),
      readAt: row.read_at,
      failingSince: row.failing_since,
      failure: row.failure,
    }
  )
}

export async function writeBox(tx: Db, corpId: string, box: Box, at: Date): Promise<void> {
  const row = {
    box: box.box,
    uid_validity: box.uidValidity,
    next_uid: box.nextUid,
    read_at: at,
    failing_since: null,
    failure: null,
  }
  await tx
    .insertInto('mail_box')
    .values({ corp_id: corpId, ...row })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(row))
    .execute()
}

/** Keeps since when it cannot be read; a mailbox that never could has no place yet. */
export async function writeBoxFailure(
  db: Db,
  corpId: string,
  box: string,
  failure: Words,
  at: Date,
): Promise<void> {
  await sql`
    insert into mail_box as b (corp_id, box, uid_validity, next_uid, read_at, failing_since, failure)
    values (${corpId}, ${box}, '', 0, ${at}, ${at}, ${JSON.stringify(failure)}::jsonb)
    on conflict (corp_id) do update set
      box = excluded.box, uid_validity = case when b.box = excluded.box then b.uid_validity else '' end,
      failing_since = coalesce(b.failing_since, excluded.failing_since), failure = excluded.failure`.execute(
    db,
  )
}

export async function failingBoxes(
  db: Db,
  before: Date,
): Promise<{ corpId: string; box: string; failure: Words }[]> {
  const rows = await db
    .selectFrom('mail_box')
    .select(['corp_id as corpId', 'box', 'failure'])
    .where('failing_since', '<', before)
    .execute()
  return rows.flatMap(({ failure, ...row }) => (failure ? [{ ...row, failure }] : []))
}

export async function pruneStops(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'mail_stop', sql`stopped_at < ${before}`, atMost)
}

export async function pruneBounces(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'mail_bounce', sql`read_at < ${before}`, atMost)
}
