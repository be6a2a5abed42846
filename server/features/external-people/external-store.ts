import { type RawBuilder, sql } from 'kysely'
import { memberStatus } from '../../organisation/directory/mirror/members.ts'
import type { Db } from '../../platform/storage/db.ts'

/** Somebody from outside WeCom as stored: what everybody has is in `member`, the rest in `external_person`. */
export type ExternalRow = {
  memberId: number
  userId: string
  name: string
  mobile: string
  email: string
  organisation: string
  departmentId: number
  sponsorId: number | null
  sponsorDepartment: number | null
  endsAt: Date
  remindedDays: number | null
  createdBy: string
  createdAt: Date
  endedAt: Date | null
}

const columns = sql`e.member_id as "memberId", m.user_id as "userId", m.name, m.mobile, m.email, e.organisation,
  e.department_id as "departmentId", e.sponsor_id as "sponsorId", e.sponsor_department as "sponsorDepartment",
  e.ends_at as "endsAt", e.reminded_days as "remindedDays", e.created_by as "createdBy", e.created_at as "createdAt",
  e.ended_at as "endedAt"`
const joined = sql`external_person e join member m on m.corp_id = e.corp_id and m.id = e.member_id`

export type ExternalFilter = {
  /** `ending`: within 30 days. */
  state: 'present' | 'ending' | 'ended'
  words: string
  now: Date
}

const dayMs = 86_400_000

export async function listPeople(
  db: Db,
  corpId: string,
  { state, words, now }: ExternalFilter,
  page: { limit: number; offset: number },
): Promise<{ rows: ExternalRow[]; total: number }> {
  const soon = new Date(now.getTime() + 30 * dayMs)
  const like = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const inState: Record<ExternalFilter['state'], RawBuilder<unknown>> = {
    present: sql`e.ended_at is null`,
    ending: sql`e.ended_at is null and e.ends_at <= ${soon}`,
    ended: sql`e.ended_at is not null`,
  }
  const found = sql`${joined} where e.corp_id = ${corpId} and ${inState[state]}
    and lower(concat_ws(' ', m.name, m.user_id, m.mobile, m.email, e.organisation)) like ${like}`
  const order = state === 'ended' ? sql`e.ended_at desc` : sql`e.ends_at`
  const [list, count] = await Promise.all([
    sql<ExternalRow>`select ${columns} from ${found} order by ${order}, e.member_id
      limit ${page.limit} offset ${page.offset}`.execute(db),
    sql<{ n: number }>`select count(*)::int as n from ${found}`.execute(db),
  ])
  return { rows: list.rows, total: count.rows[0]?.n ?? 0 }
}

export async function personById(db: Db, corpId: string, memberId: number): Promise<ExternalRow | undefined> {
  const { rows } = await sql<ExternalRow>`
    select ${columns} from ${joined} where e.corp_id = ${corpId} and e.member_id = ${memberId}`.execute(db)
  return rows[0]
}

/** Returns the person from outside with this userid, unless they have ended. */
export async function presentPerson(
  db: Db,
  corpId: string,
  userKey: string,
): Promise<ExternalRow | undefined> {
  const { rows } = await sql<ExternalRow>`
    select ${columns} from ${joined} where e.corp_id = ${corpId} and e.ended_at is null and m.user_key = ${userKey}
      and m.left_at is null`.execute(db)
  return rows[0]
}

export type NewExternal = Pick<
  ExternalRow,
  'memberId' | 'organisation' | 'departmentId' | 'sponsorId' | 'sponsorDepartment' | 'endsAt'
>

export async function insertPeople(
  tx: Db,
  corpId: string,
  people: readonly NewExternal[],
  by: { actor: string; at: Date },
): Promise<void> {
  await sql`
    insert into external_person (corp_id, member_id, organisation, department_id, sponsor_id, sponsor_department, ends_at,
      created_by, created_at)
    select ${corpId}, "memberId", organisation, "departmentId", "sponsorId", "sponsorDepartment", "endsAt",
      ${by.actor}, ${by.at}
    from jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as row("memberId" bigint, organisation text,
      "departmentId" bigint, "sponsorId" bigint, "sponsorDepartment" bigint, "endsAt" timestamptz)`.execute(
    tx,
  )
}

export async function updatePerson(tx: Db, corpId: string, person: NewExternal): Promise<void> {
  const { memberId, organisation, departmentId, sponsorId, sponsorDepartment, endsAt } = person
  await sql`
    update external_person set organisation = ${organisation}, department_id = ${departmentId}, sponsor_id = ${sponsorId},
      sponsor_department = ${sponsorDepartment}, ends_at = ${endsAt},
      reminded_days = case when ends_at = ${endsAt} then reminded_days end
    where corp_id = ${corpId} and member_id = ${memberId}`.execute(tx)
}

export async function markEnded(tx: Db, corpId: string, memberId: number, by: { actor: string; at: Date }) {
  await sql`update external_person set ended_at = ${by.at}, ended_by = ${by.actor}
    where corp_id = ${corpId} and member_id = ${memberId} and ended_at is null`.execute(tx)
}

export async function markReminded(db: Db, corpId: string, memberId: number, days: number): Promise<void> {
  await sql`update external_person set reminded_days = ${days}
    where corp_id = ${corpId} and member_id = ${memberId}`.execute(db)
}

export type Holder = {
  id: number
  userId: string
  status: number
  mobile: string
  email: string
}

/** Everybody who is in the corp with one of these numbers or mail addresses (in lower case), whether WeCom knows them or not. */
export async function holdersOf(
  db: Db,
  corpId: string,
  { mobiles, mails }: { mobiles: readonly string[]; mails: readonly string[] },
): Promise<Holder[]> {
  const found = sql`id, user_id as "userId", status, mobile, lower(email) as email`
  const there = sql`corp_id = ${corpId} and left_at is null and status <> ${memberStatus.quit}`
  const { rows } = await sql<Holder>`
    select ${found} from member where ${there} and mobile <> '' and mobile = any(${[...mobiles]}::text[])
    union select ${found} from member where ${there} and email <> '' and lower(email) = any(${[...mails]}::text[])
    order by id`.execute(db)
  return rows
}

export async function countIn(db: Db, corpId: string, departmentId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from external_person
    where corp_id = ${corpId} and ended_at is null and department_id = ${departmentId}`.execute(db)
  return rows[0]?.n ?? 0
}

/** How many people from outside each of these corps has. */
export async function countsPresent(db: Db, corpIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ corpId: string; n: number }>`
    select corp_id as "corpId", count(*)::int as n from external_person
    where corp_id = any(${[...corpIds]}::text[]) and ended_at is null group by corp_id`.execute(db)
  return new Map(rows.map(one => [one.corpId, one.n]))
}

export async function countPresent(db: Db, corpId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from external_person where corp_id = ${corpId} and ended_at is null`.execute(db)
  return rows[0]?.n ?? 0
}

export type UnsponsoredPeople = { corpId: string; people: number; example: string; since: Date | null }

/** The corps with people whose sponsor has left or is gone, of these corps or of all. */
export async function unsponsored(db: Db, corpIds?: readonly string[]): Promise<UnsponsoredPeople[]> {
  const { rows } = await sql<UnsponsoredPeople>`
    select e.corp_id as "corpId", count(*)::int as people, min(m.name) as example, min(s.left_at) as since
    from ${joined}
      left join member s on s.corp_id = e.corp_id and s.id = e.sponsor_id
      left join department d on d.corp_id = e.corp_id and d.id = e.sponsor_department
    where e.ended_at is null ${corpIds ? sql`and e.corp_id = any(${[...corpIds]}::text[])` : sql``}
      and case when e.sponsor_id is null then d.id is null
        else s.id is null or s.left_at is not null or s.status in (${memberStatus.disabled}, ${memberStatus.quit}) end
    group by e.corp_id`.execute(db)
  return rows
}
