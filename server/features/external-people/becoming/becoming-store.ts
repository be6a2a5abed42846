import { sql } from 'kysely'
import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** Somebody from outside and a member of WeCom who have one mobile, and are perhaps one person. */
export type BecomingPair = {
  corpId: string
  externalId: number
  externalUserId: string
  externalName: string
  organisation: string
  mobile: string
  email: string
  sponsorId: number | null
  memberId: number
  memberUserId: string
  memberName: string
  provedAt: Date | null
}

export type BecomingFilter = {
  corpIds?: readonly string[]
  memberId?: number
  sponsorId?: number
  externalId?: number
  isProved?: true
}

const listedAtMost = 500

/** What waits: pairs that nobody has decided. They are found by their mobiles whenever they are asked for. */
export async function listBecoming(db: Db, filter: BecomingFilter): Promise<BecomingPair[]> {
  const { corpIds, memberId, sponsorId, externalId, isProved } = filter
  const { active, disabled, notActivated } = memberStatus
  const { rows } = await sql<BecomingPair>`
    select e.corp_id as "corpId", m.id as "externalId", m.user_id as "externalUserId", m.name as "externalName",
      e.organisation, m.mobile, m.email, e.sponsor_id as "sponsorId", w.id as "memberId", w.user_id as "memberUserId",
      w.name as "memberName", b.proved_at as "provedAt"
    from external_person e join member m on m.corp_id = e.corp_id and m.id = e.member_id
      join member w on w.corp_id = e.corp_id and w.mobile = m.mobile and w.mobile <> '' and w.left_at is null
        and w.status in (${active}, ${disabled}, ${notActivated})
      left join external_becoming b on b.corp_id = e.corp_id and b.external_id = m.id and b.member_id = w.id
    where e.ended_at is null and m.mobile <> '' and b.decided_at is null
      ${corpIds ? sql`and e.corp_id = any(${[...corpIds]}::text[])` : sql``}
      ${memberId === undefined ? sql`` : sql`and w.id = ${memberId}`}
      ${sponsorId === undefined ? sql`` : sql`and e.sponsor_id = ${sponsorId}`}
      ${externalId === undefined ? sql`` : sql`and m.id = ${externalId}`}
      ${isProved ? sql`and b.proved_at is not null` : sql``}
    order by b.proved_at nulls last, m.id limit ${listedAtMost}`.execute(db)
  return rows
}

type Pair = Pick<BecomingPair, 'corpId' | 'externalId' | 'memberId'>

export async function putProof(db: Db, { corpId, externalId, memberId }: Pair, at: Date): Promise<void> {
  await sql`insert into external_becoming (corp_id, external_id, member_id, proposed_at, proved_at)
    values (${corpId}, ${externalId}, ${memberId}, ${at}, ${at})
    on conflict (corp_id, external_id, member_id) do update set proved_at = excluded.proved_at`.execute(db)
}

/** Returns whether nobody had decided. */
export async function putDecision(
  tx: Db,
  { corpId, externalId, memberId }: Pair,
  { accepted, actor, at }: { accepted: boolean; actor: string; at: Date },
): Promise<boolean> {
  const { rows } =
    await sql`insert into external_becoming (corp_id, external_id, member_id, proposed_at, decided_at, decided_by, accepted)
    values (${corpId}, ${externalId}, ${memberId}, ${at}, ${at}, ${actor}, ${accepted})
    on conflict (corp_id, external_id, member_id) do update set decided_at = excluded.decided_at,
      decided_by = excluded.decided_by, accepted = excluded.accepted
      where external_becoming.decided_at is null returning member_id`.execute(tx)
  return rows.length > 0
}
