import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type Consent = { corpId: string; appId: string; memberId: number; claims: string[]; agreedAt: Date }

/** What a person has agreed that a third party is given; undefined when they have not, or not any more. */
export async function consentOf(
  db: Db,
  corpId: string,
  appId: string,
  memberId: number,
): Promise<Consent | undefined> {
  const row = await db
    .selectFrom('app_consent')
    .select(['claims', 'agreed_at as agreedAt'])
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .where('member_id', '=', memberId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row && { corpId, appId, memberId, ...row }
}

export async function consentsOf(db: Db, corpId: string, memberId: number): Promise<Consent[]> {
  const rows = await db
    .selectFrom('app_consent')
    .select(['app_id as appId', 'claims', 'agreed_at as agreedAt'])
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('withdrawn_at', 'is', null)
    .orderBy('agreed_at', 'desc')
    .execute()
  return rows.map(row => ({ corpId, memberId, ...row }))
}

export async function putConsent(tx: Db, consent: Consent): Promise<void> {
  const { corpId, appId, memberId, claims, agreedAt } = consent
  const given = { claims, agreed_at: agreedAt, withdrawn_at: null }
  await tx
    .insertInto('app_consent')
    .values({ corp_id: corpId, app_id: appId, member_id: memberId, ...given })
    .onConflict(conflict => conflict.columns(['corp_id', 'app_id', 'member_id']).doUpdateSet(given))
    .execute()
}

export async function withdrawConsent(
  tx: Db,
  corpId: string,
  appId: string,
  memberId: number,
  at: Date,
): Promise<boolean> {
  const row = await tx
    .updateTable('app_consent')
    .set({ withdrawn_at: at })
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .where('member_id', '=', memberId)
    .where('withdrawn_at', 'is', null)
    .returning('app_id')
    .executeTakeFirst()
  return row !== undefined
}

export type NamedConsent = Consent & { name: string; withdrawnAt: Date | null }

/** The next ones of the corp after a place, with the names of their apps. */
export async function consentsAfter(
  db: Db,
  corpId: string,
  after: Pick<Consent, 'appId' | 'memberId'>,
  atMost: number,
): Promise<NamedConsent[]> {
  const { rows } = await sql<NamedConsent>`
    select c.corp_id as "corpId", c.app_id as "appId", c.member_id as "memberId", c.claims, c.agreed_at as "agreedAt",
      c.withdrawn_at as "withdrawnAt", a.name
    from app_consent c join app a on a.id = c.app_id
    where c.corp_id = ${corpId} and (c.app_id, c.member_id) > (${after.appId}, ${after.memberId}::bigint)
    order by c.app_id, c.member_id limit ${atMost}`.execute(db)
  return rows
}

/** Deletes withdrawn consents. A consent in effect is kept as long as its person and its app. */
export async function pruneConsents(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'app_consent', sql`old.withdrawn_at < ${before}`, 'withdrawn_at', atMost)
}
