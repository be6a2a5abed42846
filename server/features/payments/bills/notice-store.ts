import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type DueNotice = {
  id: number
  billNo: string
  payerId: number | null
  title: string
  amount: number
  dueAt: Date | null
  toldAt: Date | null
}

/** Open bills whose payers are to be told of them, or reminded. `payable` are their merchants that collect, '' for none named. */
export async function dueNotices(
  db: Db,
  corpId: string,
  now: Date,
  payable: readonly string[],
  atMost: number,
): Promise<DueNotice[]> {
  return db
    .selectFrom('pay_bill')
    .select([
      'id',
      'bill_no as billNo',
      'payer_id as payerId',
      'title',
      'amount',
      'due_at as dueAt',
      'told_at as toldAt',
    ])
    .where('corp_id', '=', corpId)
    .where('remind_at', '<=', now)
    .where('mch_id', '=', sql<string>`any(${[...payable]}::text[])`)
    .orderBy('remind_at')
    .limit(atMost)
    .execute()
}

/** When the next payer of the corp is to be told something. */
export async function nextNotice(db: Db, corpId: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('pay_bill')
    .select('remind_at as at')
    .where('corp_id', '=', corpId)
    .where('remind_at', 'is not', null)
    .orderBy('remind_at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Returns false when the bill has been paid or closed since, or another node has done this. */
export async function noteNotice(
  tx: Db,
  corpId: string,
  { id }: DueNotice,
  { at, isTold, next }: { at: Date; isTold: boolean; next: Date | null },
): Promise<boolean> {
  const done = await tx
    .updateTable('pay_bill')
    .set({ remind_at: next, ...(isTold ? { told_at: sql<Date>`coalesce(told_at, ${at})` } : {}) })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('remind_at', '<=', at)
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}
