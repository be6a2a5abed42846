import type { Db } from '../../platform/storage/db.ts'
import type { BrandTexts } from './check-brand.ts'
import type { Logo } from './read-logo.ts'

/** `corpId` is '' for the installation. */
export type BrandRow = BrandTexts & {
  corpId: string
  logoHash: string
  logoWidth: number
  logoHeight: number
}

const columns = [
  'corp_id as corpId',
  'name',
  'colour',
  'icp_number as icpNumber',
  'police_number as policeNumber',
  'privacy_url as privacyUrl',
  'privacy_text as privacyText',
  'logo_hash as logoHash',
  'logo_width as logoWidth',
  'logo_height as logoHeight',
] as const

/** All of them, or that of one corp. */
export async function readBrands(db: Db, corpId: string | undefined): Promise<BrandRow[]> {
  const rows = await db
    .selectFrom('brand')
    .select(columns)
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId!))
    .execute()
  return rows.map(named)
}

/** As it is stored now, and not as memory has it. */
export async function readBrand(db: Db, corpId: string): Promise<BrandRow | undefined> {
  const row = await db
    .selectFrom('brand')
    .select(columns)
    .where('corp_id', 'is not distinct from', corpId || null)
    .executeTakeFirst()
  return row && named(row)
}

export function emptyBrand(corpId: string): BrandRow {
  const texts = { name: '', colour: '', icpNumber: '', policeNumber: '', privacyUrl: '', privacyText: '' }
  return { corpId, ...texts, logoHash: '', logoWidth: 0, logoHeight: 0 }
}

/** Locks the row, which is there afterwards in any case. */
export async function lockBrand(db: Db, corpId: string): Promise<BrandRow> {
  await db
    .insertInto('brand')
    .values({ corp_id: corpId || null })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return named(
    await db
      .selectFrom('brand')
      .select(columns)
      .where('corp_id', 'is not distinct from', corpId || null)
      .forUpdate()
      .executeTakeFirstOrThrow(),
  )
}

/** `logo`: null for none; undefined leaves it. */
export async function updateBrand(
  db: Db,
  corpId: string,
  texts: Partial<BrandTexts>,
  logo: Logo | null | undefined,
): Promise<void> {
  const { icpNumber, policeNumber, privacyUrl, privacyText, name, colour } = texts
  const picture =
    logo === undefined
      ? {}
      : {
          logo: logo?.bytes ?? null,
          logo_hash: logo?.hash ?? '',
          logo_width: logo?.width ?? 0,
          logo_height: logo?.height ?? 0,
        }
  await db
    .updateTable('brand')
    .set({
      name,
      colour,
      icp_number: icpNumber,
      police_number: policeNumber,
      privacy_url: privacyUrl,
      privacy_text: privacyText,
      ...picture,
    })
    .where('corp_id', 'is not distinct from', corpId || null)
    .execute()
}

export async function deleteBrand(db: Db, corpId: string): Promise<void> {
  await db
    .deleteFrom('brand')
    .where('corp_id', 'is not distinct from', corpId || null)
    .execute()
}

export async function findLogo(db: Db, hash: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('brand').select('logo').where('logo_hash', '=', hash).executeTakeFirst()
  return row?.logo ?? undefined
}

function named(row: Omit<BrandRow, 'corpId'> & { corpId: string | null }): BrandRow {
  return { ...row, corpId: row.corpId ?? '' }
}
