import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** What a person agrees to. `subject`: of an app, its id. */
export type ConsentKey = { corpId: string; memberId: number; purpose: 'app'; subject: string }

export type ConsentRow = {
  id: number
  memberId: number
  purpose: 'app'
  subject: string
  textHash: string
  said: { name: string; claims: string[] }
  how: string
  givenAt: Date
  withdrawnAt: Date | null
  withdrawnHow: string | null
}

/** A consent to another text ends the one before it. */
export async function insertConsent(
  tx: Db,
  { corpId, memberId, purpose, subject }: ConsentKey,
  {
    textHash,
    said,
    how,
    givenAt,
  }: Pick<ConsentRow, 'textHash' | 'said' | 'givenAt'> & { how: 'page' | 'portal' },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`consent ${corpId} ${memberId} ${purpose} ${subject}`}, 0))`.execute(
    tx,
  )
  await endConsent(tx, { corpId, memberId, purpose, subject }, { at: givenAt, how: 'replaced' })
  await tx
    .insertInto('person_consent')
    .values({
      corp_id: corpId,
      member_id: memberId,
      purpose,
      subject,
      text_hash: textHash,
      said: JSON.stringify(said),
      how,
      given_at: givenAt,
      withdrawn_at: null,
      withdrawn_how: null,
    })
    .execute()
}

export type EarlierConsent = {
  memberId: number
  subject: string
  name: string
  claims: readonly string[]
  givenAt: Date
  withdrawnAt: Date | null
}

/** Inserts the consents that the ledger lacks; of their texts only the claims are known. */
export async function insertEarlier(
  tx: Db,
  corpId: string,
  consents: readonly EarlierConsent[],
): Promise<void> {
  await sql`
    insert into person_consent (corp_id, member_id, purpose, subject, text_hash, said, how, given_at, withdrawn_at, withdrawn_how)
    select ${corpId}, row."memberId", 'app', row.subject, 'before', jsonb_build_object('name', row.name, 'claims', row.claims), 'page',
      row."givenAt", row."withdrawnAt", case when row."withdrawnAt" is null then null else 'portal' end
    from jsonb_to_recordset(${JSON.stringify(consents)}::jsonb)
      as row("memberId" bigint, subject text, name text, claims jsonb, "givenAt" timestamptz, "withdrawnAt" timestamptz)
    where not exists (
      select from person_consent known where known.corp_id = ${corpId} and known.member_id = row."memberId"
        and known.purpose = 'app' and known.subject = row.subject and known.given_at = row."givenAt")
    on conflict do nothing`.execute(tx)
}

export async function endConsent(
  tx: Db,
  { corpId, memberId, purpose, subject }: ConsentKey,
  { at, how }: { at: Date; how: string },
): Promise<void> {
  await tx
    .updateTable('person_consent')
    .set({ withdrawn_at: at, withdrawn_how: how })
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
    .where('withdrawn_at', 'is', null)
    .execute()
}

/** All that stand of a person. */
export async function endConsentsOf(
  tx: Db,
  corpId: string,
  memberId: number,
  { at, how }: { at: Date; how: string },
): Promise<void> {
  await tx
    .updateTable('person_consent')
    .set({ withdrawn_at: at, withdrawn_how: how })
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('withdrawn_at', 'is', null)
    .execute()
}

export type ConsentFilter = { corpId: string; memberId?: number | undefined; standing?: boolean | undefined }

/** The latest first. */
export async function findConsents(
  db: Db,
  { corpId, memberId, standing }: ConsentFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: ConsentRow[]; total: number }> {
  const found = db
    .selectFrom('person_consent')
    .where('corp_id', '=', corpId)
    .$if(memberId !== undefined, only => only.where('member_id', '=', memberId!))
    .$if(standing === true, only => only.where('withdrawn_at', 'is', null))
    .$if(standing === false, only => only.where('withdrawn_at', 'is not', null))
  const [list, counted] = await Promise.all([
    found
      .select([
        'id',
        'member_id as memberId',
        'purpose',
        'subject',
        'text_hash as textHash',
        sql<ConsentRow['said']>`said`.as('said'),
        'how',
        'given_at as givenAt',
        'withdrawn_at as withdrawnAt',
        'withdrawn_how as withdrawnHow',
      ])
      .orderBy('given_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    found.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(counted.n) }
}

/** Deletes consents that ended, and consents whose person is gone. A consent in effect stays as long as its person. */
export async function pruneConsentLedger(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  // Without the offset PostgreSQL would read all members for it.
  const isOver = sql`withdrawn_at < ${before} or (given_at < ${before} and not exists (
    select from member m where m.corp_id = person_consent.corp_id and m.id = person_consent.member_id offset 0))`
  return deleteSome(db, 'person_consent', isOver, atMost)
}
