import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Receipt } from '../channel.ts'

/** A receipt as a vendor pushed it: it names a send by our context or by the vendor's own id. */
export type PushedReceipt = {
  context: string
  serial: string
  phone: string
  isDelivered: boolean
  reason: string
}

export async function putReceipts(
  db: Db,
  corpId: string,
  way: string,
  receipts: readonly PushedReceipt[],
  at: Date,
): Promise<void> {
  if (receipts.length === 0) return
  await sql`
    insert into sms_receipt (corp_id, way, context, serial, phone, is_delivered, reason, received_at)
    select ${corpId}, ${way}, context, serial, phone, "isDelivered", reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(receipts)}::jsonb)
      as row(context text, serial text, phone text, "isDelivered" boolean, reason text)`.execute(db)
}

/** A receipt may be faster than the record of its send. */
const knownWithin = sql`interval '10 minutes'`

/** Takes the receipts whose sends are known, and those that nobody will know any more, which come with an empty context. */
export async function takePushed(tx: Db, corpId: string, limit: number, now: Date): Promise<Receipt[]> {
  const { rows } = await sql<Receipt>`
    with due as (
      select r.id, r.way, coalesce(s.context, r.context) as context, coalesce(s.phone, r.phone) as phone, r.is_delivered, r.reason
      from sms_receipt r left join sms_serial s on s.corp_id = r.corp_id and s.way = r.way and s.serial = r.serial
      where r.corp_id = ${corpId}
        and (s.serial is not null or r.context <> '' and r.phone <> '' or r.received_at < ${now}::timestamptz - ${knownWithin})
      order by r.id limit ${limit} for update of r skip locked
    ), gone as (
      delete from sms_receipt r using due where r.corp_id = ${corpId} and r.id = due.id
    )
    select way, context, phone as address, is_delivered as "isDelivered", reason from due order by id`.execute(
    tx,
  )
  return rows
}

export async function corpsWithReceipts(db: Db): Promise<string[]> {
  const { rows } = await sql<{
    corpId: string
  }>`select distinct corp_id as "corpId" from sms_receipt`.execute(db)
  return rows.map(row => row.corpId)
}

export type SentSerial = { corpId: string; way: string; serial: string; context: string; phone: string }

export async function putSerials(tx: Db, serials: readonly SentSerial[], at: Date): Promise<void> {
  if (serials.length === 0) return
  await sql`
    insert into sms_serial (corp_id, way, serial, context, phone, sent_at)
    select "corpId", way, serial, context, phone, ${at}
    from jsonb_to_recordset(${JSON.stringify(serials)}::jsonb)
      as row("corpId" text, way text, serial text, context text, phone text)
    on conflict do nothing`.execute(tx)
}

export async function pruneReceipts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'sms_receipt', sql`received_at < ${before}`, atMost)
}

export async function pruneSerials(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'sms_serial', sql`sent_at < ${before}`, atMost)
}
