import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { Db } from '../../../platform/storage/db.ts'

export const smsTemplateSchema = Type.Object({
  id: Type.String(),
  vendorId: Type.String(),
  signName: Type.String(),
  params: Type.Array(Type.String()),
  text: Type.String(),
})
export type SmsTemplate = Static<typeof smsTemplateSchema>
export type SmsTemplates = ReadonlyMap<string, SmsTemplate>

const columns = ['id', 'vendor_id as vendorId', 'sign_name as signName', 'params', 'text'] as const

export async function readTemplates(db: Db, corpId: string | undefined): Promise<Map<string, SmsTemplates>> {
  const rows = await db
    .selectFrom('sms_template')
    .select(['corp_id', ...columns])
    .where(corpId === undefined ? sql<boolean>`true` : sql<boolean>`corp_id = ${corpId}`)
    .execute()
  const ofCorps = Map.groupBy(rows, row => row.corp_id)
  return new Map(
    [...ofCorps].map(([id, own]) => [id, new Map(own.map(({ corp_id: _, ...one }) => [one.id, one]))]),
  )
}

export async function findTemplate(db: Db, corpId: string, id: string): Promise<SmsTemplate | undefined> {
  return db
    .selectFrom('sms_template')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function writeTemplate(db: Db, corpId: string, template: SmsTemplate): Promise<void> {
  const { id, vendorId, signName, params, text } = template
  const row = { vendor_id: vendorId, sign_name: signName, params, text }
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
