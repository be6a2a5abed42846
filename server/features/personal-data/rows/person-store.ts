import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { PersonKeys } from './person-rows-store.ts'

/** A member of the corp, or somebody who was one. */
export type KnownPerson = {
  memberId: number
  userId: string
  userKey: string
  name: string
  mobile: string
  leftAt: Date | null
}

const personColumns = sql`m.id as "memberId", m.user_id as "userId", m.user_key as "userKey", m.name, m.mobile,
  m.left_at as "leftAt"`

export async function personById(db: Db, corpId: string, memberId: number): Promise<KnownPerson | undefined> {
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from member m where m.corp_id = ${corpId} and m.id = ${memberId}`.execute(db)
  return rows[0]
}

/** Returns the persons who have this userid, had it when they left, or were renamed from it within a month, members first. */
export async function personsByUserId(db: Db, corpId: string, key: string): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from member m where m.corp_id = ${corpId} and (m.user_key = ${key} or m.id in (
      select member_id from member_alias where corp_id = ${corpId} and user_key = ${key}))
    order by m.left_at desc nulls first, m.id desc limit 20`.execute(db)
  return rows
}

/** Keeps the person from being erased or coming back until the transaction ends; undefined when they are gone. */
export async function lockPerson(tx: Db, corpId: string, memberId: number): Promise<KnownPerson | undefined> {
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from member m where m.corp_id = ${corpId} and m.id = ${memberId} for update`.execute(
    tx,
  )
  return rows[0]
}

/** Whether a present member is likely the same: their userid and their mobile or name, or the mobile with the name. */
export async function isBack(
  db: Db,
  corpId: string,
  { memberId, userKey, mobile, name }: KnownPerson,
): Promise<boolean> {
  const { rows } = await sql`
    select from member m where m.corp_id = ${corpId} and m.left_at is null and m.id <> ${memberId}
      and ((m.user_key = ${userKey} and (m.name = ${name} or (m.mobile <> '' and m.mobile = ${mobile})))
        or (m.mobile <> '' and m.mobile = ${mobile} and m.name = ${name})) limit 1`.execute(db)
  return rows.length > 0
}

/**
 * All by which the person's rows are found. What another member has too finds nothing, so that nobody else's rows are taken; `isWide` has that as
 * well, for looking where there may be something.
 */
export async function keysOf(db: Db, corpId: string, memberId: number, isWide = false): Promise<PersonKeys> {
  const { rows } = await sql<{
    kind: 'key' | 'mobile' | 'mail' | 'openid'
    value: string
    isShared: boolean
  }>`
    with own as (
      select 'key' as kind, user_key as value from member where corp_id = ${corpId} and id = ${memberId}
      union select 'key', user_key from member_alias where corp_id = ${corpId} and member_id = ${memberId}
      union select 'key', lower(unnest(array[entity_id, old_id])) from directory_change
        where corp_id = ${corpId} and kind = 'member' and member_id = ${memberId}
      union select 'key', lower(user_id) from sign_in_log where corp_id = ${corpId} and member_id = ${memberId}
      union select 'mobile', lower(mobile) from member where corp_id = ${corpId} and id = ${memberId}
      union select 'mail', lower(unnest(array[email, biz_mail])) from member where corp_id = ${corpId} and id = ${memberId}
      union select case field when 'mobile' then 'mobile' else 'mail' end, lower(value) from member_supplement
        where corp_id = ${corpId} and member_id = ${memberId} and field in ('mobile', 'email')
      union select 'openid', openid from official_follower where corp_id = ${corpId} and member_id = ${memberId}),
    -- Of those who left too: a mobile is given to the next, and their rows may be held.
    others as materialized (
      select own.value from own join member m on own.kind = 'mobile' and m.mobile = own.value
        where own.value <> '' and m.corp_id = ${corpId} and m.id <> ${memberId}
      union select own.value from own join member m on own.kind = 'mail' and own.value in (lower(m.email), lower(m.biz_mail))
        where own.value <> '' and m.corp_id = ${corpId} and m.id <> ${memberId}
      union select own.value from own join member_supplement s on own.kind in ('mobile', 'mail') and lower(s.value) = own.value
        where own.value <> '' and s.corp_id = ${corpId} and s.member_id <> ${memberId}
      -- An alias ends a month after the rename; what was written under the old userid stays.
      union select own.value from own join sign_in_log g on own.kind = 'key' and lower(g.user_id) = own.value
        where own.value <> '' and g.corp_id = ${corpId} and g.member_id <> ${memberId})
    select kind, value, case kind
      when 'key' then exists (select from member m where m.corp_id = ${corpId} and m.id <> ${memberId}
          and m.user_key = own.value and m.left_at is null)
        or exists (select from member m where m.corp_id = ${corpId} and m.id <> ${memberId}
          and m.user_key = own.value and m.left_at is not null)
        or exists (select from member_alias a where a.corp_id = ${corpId} and a.member_id <> ${memberId}
          and a.user_key = own.value)
        or value in (select value from others)
      when 'openid' then false
      else value in (select value from others) end as "isShared"
    from own where value <> ''`.execute(db)
  const of = (kind: string, withShared = isWide) =>
    rows.filter(one => one.kind === kind && (withShared || !one.isShared)).map(one => one.value)
  return {
    corpId,
    memberId,
    keys: of('key'),
    ownKeys: of('key', true),
    mobiles: of('mobile'),
    mails: of('mail'),
    openids: of('openid'),
  }
}

/** Without what a member has by now: somebody may get the userid or the mobile while an erasure runs. */
export async function withoutTaken(db: Db, person: PersonKeys): Promise<PersonKeys> {
  const { corpId, memberId, keys, mobiles, mails } = person
  const present = sql`m.corp_id = ${corpId} and m.id <> ${memberId} and m.left_at is null`
  const { rows } = await sql<{ value: string }>`
    select m.user_key as value from member m where ${present} and m.user_key = any(${[...keys]}::text[])
    union select m.mobile from member m where ${present} and m.mobile <> '' and m.mobile = any(${[...mobiles]}::text[])
    union select lower(m.email) from member m
      where ${present} and m.email <> '' and lower(m.email) = any(${[...mails]}::text[])
    union select lower(m.biz_mail) from member m
      where ${present} and m.biz_mail <> '' and lower(m.biz_mail) = any(${[...mails]}::text[])`.execute(db)
  if (rows.length === 0) return person
  const taken = new Set(rows.map(row => row.value))
  const free = (values: readonly string[]) => values.filter(one => !taken.has(one))
  return { ...person, keys: free(keys), mobiles: free(mobiles), mails: free(mails) }
}

/**
 * Returns leavers of before who are neither held nor waited for, earliest first. One whose erasure was refused is tried again
 * after a day.
 */
export async function leaversBefore(
  db: Db,
  corpId: string,
  { before, refusedBefore }: { before: Date; refusedBefore: Date },
  atMost: number,
): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from member m
    where m.corp_id = ${corpId} and m.left_at < ${before}
      and not exists (select from person_hold h
        where h.corp_id = m.corp_id and h.member_id = m.id and h.ended_at is null)
      and not exists (select from person_request r where r.corp_id = m.corp_id and r.member_id = m.id
        and r.kind = 'erase' and (r.state = 'asked' or r.ended_at > ${refusedBefore}))
    order by m.left_at, m.id limit ${atMost}`.execute(db)
  return rows
}

/**
 * Returns persons who were erased and exist again, as a backup brought them back, once they have left there too. One whose erasure
 * was refused is tried again after some days.
 */
export async function broughtBack(
  db: Db,
  corpId: string,
  refusedBefore: Date,
  atMost: number,
): Promise<(KnownPerson & { keyHash: string })[]> {
  const { rows } = await sql<KnownPerson & { keyHash: string }>`
    select ${personColumns}, s.key_hash as "keyHash"
    from person_tombstone s join member m on m.corp_id = s.corp_id and m.id = s.member_id
    where s.corp_id = ${corpId} and m.left_at is not null
      and not exists (select from person_request r where r.corp_id = m.corp_id and r.member_id = m.id
        and r.kind = 'erase' and (r.state = 'asked' or r.state <> 'done' and r.ended_at > ${refusedBefore}))
    order by m.id limit ${atMost}`.execute(db)
  return rows
}
