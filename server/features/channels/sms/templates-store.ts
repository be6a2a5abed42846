import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { Db } from '../../../platform/storage/db.ts'

/**
 * A template at one vendor; `params` in the order that this vendor wants, '' and [] where they are the template's own. The first vendor's id
 * is the template's `vendorId`.
 */
export const atVendorSchema = Type.Object({
  id: Type.String({ maxLength: 100 }),
  signName: Type.String({ maxLength: 50 }),
  params: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 }),
})
export type AtVendor = Static<typeof atVendorSchema>

export const smsTemplateSchema = Type.Object({
  id: Type.String(),
  /** At the first vendor; `vendors` has it of the others. */
  vendorId: Type.String(),
  vendors: Type.Record(Type.String(), atVendorSchema),
  signName: Type.String(),
  params: Type.Array(Type.String()),
  text: Type.String(),
})
export type SmsTemplate = Static<typeof smsTemplateSchema>
export type SmsTemplates = ReadonlyMap<string, SmsTemplate>

const columns = ['id', 'vendor_id as vendorId', 'vendors', 'sign_name as signName', 'params', 'text'] as const

export async function readTemplates(db: Db, corpId: string | undefined): Promise<Map<string, SmsTemplates>> {
  const rows = await db
    .selectFrom('sms_template')
    .select(['corp_id', ...columns])
    .where(corpId === undefined ? sql<boolean>`true` : sql<boolean>`corp_id = ${corpId}`)
    .execute()
  const ofCorps = Map.groupBy(rows, row => row.corp_id)
  return new Map(
    [...ofCorps].map(([id, own]) => [
      id,
      new Map(own.map(({ corp_id: _, ...one }) => [one.id, one as SmsTemplate])),
    ]),
  )
}

export async function findTemplate(db: Db, corpId: string, id: string): Promise<SmsTemplate | undefined> {
  return db
    .selectFrom('sms_template')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst() as Promise<SmsTemplate | undefined>
}

export async function writeTemplate(db: Db, corpId: string, template: SmsTemplate): Promise<void> {
  const { id, vendorId, vendors, signName, params, text } = template
  const row = { vendor_id: vendorId, vendors: JSON.stringify(vendors), sign_name: signName, params, text }
  await db
    .insertInto('sms_template')
    .values({ corp_id: corpId, id, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'id']).doUpdateSet(row))
    .execute()
}

/** False when there is no such template. */
export async function deleteTemplate(db: Db, corpId: string, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('sms_template')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}
