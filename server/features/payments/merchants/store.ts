import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Tables } from '../../../platform/storage/tables.ts'
import type { PlatformCertificate } from '../../../upstream/wechat-pay/keys.ts'

export type MerchantRow = Selectable<Tables['pay_merchant']>

type Certificate = PlatformCertificate & { corpId: string; mchId: string }

/** In the order in which they were added; without a corp, those of all. */
export async function allMerchants(db: Db, corpId?: string): Promise<MerchantRow[]> {
  return db
    .selectFrom('pay_merchant')
    .selectAll()
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('created_at')
    .orderBy('mch_id')
    .execute()
}

export async function allCertificates(db: Db, corpId?: string): Promise<Certificate[]> {
  return db
    .selectFrom('pay_certificate')
    .select(['corp_id as corpId', 'mch_id as mchId', 'serial_no as serial', 'pem'])
    .select(['effective_at as effectiveAt', 'expires_at as expiresAt'])
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .execute()
}

/** Keeps what WeChat Pay gives; what is not among it and has expired goes. */
export async function keepCertificates(
  db: Db,
  { corpId, mchId }: { corpId: string; mchId: string },
  certificates: readonly PlatformCertificate[],
  now: Date,
): Promise<void> {
  const merchant = { corp_id: corpId, mch_id: mchId, fetched_at: now }
  await db.transaction().execute(async tx => {
    await tx
      .deleteFrom('pay_certificate')
      .where('corp_id', '=', corpId)
      .where('mch_id', '=', mchId)
      .where('expires_at', '<', now)
      .execute()
    for (const { serial, pem, effectiveAt, expiresAt } of certificates) {
      const values = { pem, effective_at: effectiveAt, expires_at: expiresAt, fetched_at: now }
      await tx
        .insertInto('pay_certificate')
        .values({ ...merchant, serial_no: serial, ...values })
        .onConflict(conflict => conflict.columns(['corp_id', 'mch_id', 'serial_no']).doUpdateSet(values))
        .execute()
    }
  })
}

/** Returns false when the number is connected already, in whichever corp. */
export async function insertMerchant(
  db: Db,
  row: Omit<MerchantRow, 'enabled' | 'is_default'>,
): Promise<boolean> {
  const done = await db
    .insertInto('pay_merchant')
    .values(row)
    .onConflict(conflict => conflict.column('mch_id').doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function lockMerchant(db: Db, corpId: string, mchId: string): Promise<MerchantRow | undefined> {
  return db
    .selectFrom('pay_merchant')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .forUpdate()
    .executeTakeFirst()
}

/** The corp's row, so that two merchants never become the default at once. */
export async function lockCorpForDefault(db: Db, corpId: string): Promise<void> {
  await db
    .selectFrom('corp')
    .select('corp_id')
    .where('corp_id', '=', corpId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export async function updateMerchant(
  db: Db,
  corpId: string,
  mchId: string,
  change: Partial<MerchantRow>,
): Promise<void> {
  await db
    .updateTable('pay_merchant')
    .set(change)
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .execute()
}

export async function hasDefault(db: Db, corpId: string): Promise<boolean> {
  const row = await db
    .selectFrom('pay_merchant')
    .select('mch_id')
    .where('corp_id', '=', corpId)
    .where('is_default', '=', true)
    .executeTakeFirst()
  return row !== undefined
}

/** The corp locked: `lockCorpForDefault`. */
export async function makeDefault(db: Db, corpId: string, mchId: string): Promise<void> {
  await db
    .updateTable('pay_merchant')
    .set({ is_default: false })
    .where('corp_id', '=', corpId)
    .where('is_default', '=', true)
    .execute()
  await updateMerchant(db, corpId, mchId, { is_default: true })
}

export async function deleteMerchant(db: Db, corpId: string, mchId: string): Promise<void> {
  await db.deleteFrom('pay_merchant').where('corp_id', '=', corpId).where('mch_id', '=', mchId).execute()
}

/**
 * How many orders a merchant has, and bills that only it may collect; those of the default merchant name none, and count while they
 * are open.
 */
export async function countUses(
  db: Db,
  { corp_id: corpId, mch_id: mchId, is_default: isDefault }: MerchantRow,
): Promise<{ orders: number; bills: number }> {
  const { rows } = await sql<{ orders: number; bills: number }>`
    select
      (select count(*)::int from pay_order where corp_id = ${corpId} and mch_id = ${mchId}) as orders,
      (select count(*)::int from pay_bill where corp_id = ${corpId}
        and (mch_id = ${mchId} or (${isDefault} and mch_id = '' and state = 'open'))) as bills`.execute(db)
  return rows[0] ?? { orders: 0, bills: 0 }
}

/** Where the last paid order of each of these products was to be notified, for each merchant. */
export async function paidAddresses(
  db: Db,
  corpId: string,
  products: readonly string[],
): Promise<{ mchId: string; product: string; notifyUrl: string }[]> {
  const { rows } = await sql<{ mchId: string; product: string; notifyUrl: string }>`
    select m.mch_id as "mchId", p.product, o.notify_url as "notifyUrl"
    from pay_merchant m cross join unnest(${[...products]}::text[]) as p (product)
      cross join lateral (
        select notify_url from pay_order
        where corp_id = m.corp_id and mch_id = m.mch_id and product = p.product and state = 'paid'
        order by id desc limit 1) o
    where m.corp_id = ${corpId}`.execute(db)
  return rows
}

/** Returns the products by which the merchant has been paid, which shows that what they need is set up. */
export async function paidProducts(db: Db, corpId: string, mchId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('pay_order')
    .select('product')
    .distinct()
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('state', '=', 'paid')
    .execute()
  return rows.map(row => row.product)
}
