import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type TieKey = { corpId: string; kind: string; subject: string }

export async function putAddress(
  db: Db,
  { corpId, kind, subject }: TieKey,
  address: string,
  at: Date,
): Promise<void> {
  await sql`
    insert into verified_address as old (corp_id, kind, subject, address, noted_at)
    select ${corpId}, ${kind}, ${subject}, ${address}, ${at} where exists (select from corp where corp_id = ${corpId})
    on conflict (corp_id, kind, subject) do update set address = excluded.address, noted_at = excluded.noted_at
      where old.address <> excluded.address`.execute(db)
}

/** For what was verified before addresses were kept; what is kept stays. */
export async function adoptAddresses(
  db: Db,
  ties: readonly (TieKey & { address: string })[],
  at: Date,
): Promise<void> {
  if (ties.length === 0) return
  await db
    .insertInto('verified_address')
    .values(
      ties.map(({ corpId, kind, subject, address }) => ({
        corp_id: corpId,
        kind,
        subject,
        address,
        noted_at: at,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

export async function keptAddresses(
  db: Db,
  corpId: string | undefined,
): Promise<(TieKey & { address: string })[]> {
  return db
    .selectFrom('verified_address')
    .select(['corp_id as corpId', 'kind', 'subject', 'address'])
    .where(corpId === undefined ? sql<boolean>`true` : sql<boolean>`corp_id = ${corpId}`)
    .execute()
}
