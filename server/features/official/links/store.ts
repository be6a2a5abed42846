import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

type AccountKey = { corpId: string; originalId: string }

export type Step = 'offered' | 'asked' | 'seen' | 'code'

export type LinkRequest = AccountKey & {
  memberId: number
  withProfile: boolean
  openid: string | null
  unionid: string | null
  nickname: string
  avatar: string
}

const columns = sql`corp_id as "corpId", original_id as "originalId", member_id as "memberId",
  with_profile as "withProfile", openid, unionid, nickname, avatar`

/** A member's former request for the account ends with it. Returns false when another has this secret. */
export async function putRequest(
  db: Db,
  { corpId, originalId }: AccountKey,
  request: { memberId: number; step: 'offered' | 'code'; secretHash: string; expiresAt: Date },
): Promise<boolean> {
  const { memberId, step, secretHash, expiresAt } = request
  await sql`
    delete from official_link_request
    where corp_id = ${corpId} and original_id = ${originalId} and member_id = ${memberId}`.execute(db)
  const { rows } = await sql`
    insert into official_link_request (corp_id, original_id, member_id, step, secret_hash, expires_at)
    values (${corpId}, ${originalId}, ${memberId}, ${step}, ${secretHash}, ${expiresAt})
    on conflict do nothing returning 1`.execute(db)
  return rows.length > 0
}

export async function findRequest(
  db: Db,
  step: Step,
  secretHash: string,
  now: Date,
): Promise<LinkRequest | undefined> {
  const { rows } = await sql<LinkRequest>`
    select ${columns} from official_link_request
    where secret_hash = ${secretHash} and step = ${step} and expires_at > ${now}`.execute(db)
  return rows[0]
}

/** Goes on to the next step, once. */
export async function advanceRequest(
  db: Db,
  from: { step: Step; secretHash: string },
  to: { step: Step; secretHash: string; withProfile?: boolean },
  now: Date,
): Promise<LinkRequest | undefined> {
  const { rows } = await sql<LinkRequest>`
    update official_link_request
    set step = ${to.step}, secret_hash = ${to.secretHash}, with_profile = ${to.withProfile ?? sql`with_profile`}
    where secret_hash = ${from.secretHash} and step = ${from.step} and expires_at > ${now}
    returning ${columns}`.execute(db)
  return rows[0]
}

/** Records who opened the page: the link is made for that person when it is confirmed. */
export async function notePerson(
  db: Db,
  secretHash: string,
  person: Pick<LinkRequest, 'openid' | 'unionid' | 'nickname' | 'avatar'>,
): Promise<void> {
  await db.updateTable('official_link_request').set(person).where('secret_hash', '=', secretHash).execute()
}

/** Takes the request out, once. */
export async function takeRequest(
  db: Db,
  step: Step,
  secretHash: string,
  now: Date,
): Promise<LinkRequest | undefined> {
  const { rows } = await sql<LinkRequest>`
    delete from official_link_request where secret_hash = ${secretHash} and step = ${step} and expires_at > ${now}
    returning ${columns}`.execute(db)
  return rows[0]
}

/** Whether the account waits for a code from somebody. */
export async function awaitsCode(db: Db, { corpId, originalId }: AccountKey, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('official_link_request')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('step', '=', 'code')
    .where('expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export type OwnLink = {
  originalId: string
  openid: string
  nickname: string
  avatar: string
  linkedAt: Date | null
}

/** The followers that a member is linked to, one of an account at most. */
export async function linksOf(db: Db, corpId: string, memberId: number): Promise<OwnLink[]> {
  return db
    .selectFrom('official_follower')
    .select(['original_id as originalId', 'openid', 'nickname', 'avatar', 'linked_at as linkedAt'])
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .execute()
}

/** Whom the follower, and which follower the member, is linked to. Call it with the account's row locked. */
export async function linksInTheWay(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
  memberId: number,
): Promise<{ openid: string; memberId: number }[]> {
  const { rows } = await sql<{ openid: string; memberId: number }>`
    select openid, member_id as "memberId" from official_follower
    where corp_id = ${corpId} and original_id = ${originalId} and member_id is not null
      and (openid = ${openid} or member_id = ${memberId})`.execute(db)
  return rows
}

/** The person need not follow the account. What they did not consent to stays as it was. */
export async function putLink(
  db: Db,
  { corpId, originalId }: AccountKey,
  person: { openid: string; unionid: string | null; nickname: string; avatar: string },
  memberId: number,
  at: Date,
): Promise<void> {
  const { openid, unionid, nickname, avatar } = person
  await sql`
    insert into official_follower as f (corp_id, original_id, openid, unionid, subscribed, nickname, avatar, member_id,
      linked_at)
    values (${corpId}, ${originalId}, ${openid}, ${unionid}, false, ${nickname}, ${avatar}, ${memberId}, ${at})
    on conflict (corp_id, original_id, openid) do update set member_id = excluded.member_id,
      linked_at = excluded.linked_at, unionid = coalesce(excluded.unionid, f.unionid),
      nickname = case when excluded.nickname = '' then f.nickname else excluded.nickname end,
      avatar = case when excluded.avatar = '' then f.avatar else excluded.avatar end`.execute(db)
}

/** Ends links of these members, in one account or in all, and returns them. What they consented to show goes as well. */
export async function dropLinks(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
  originalId?: string,
): Promise<{ originalId: string; openid: string; memberId: number }[]> {
  const { rows } = await sql<{ originalId: string; openid: string; memberId: number }>`
    update official_follower f set member_id = null, linked_at = null, nickname = '', avatar = ''
    from official_follower old
    where f.corp_id = ${corpId} and f.member_id = any(${[...memberIds]}::bigint[])
      and (${originalId ?? null}::text is null or f.original_id = ${originalId ?? null})
      and old.corp_id = f.corp_id and old.original_id = f.original_id and old.openid = f.openid
    returning f.original_id as "originalId", f.openid, old.member_id as "memberId"`.execute(db)
  return rows
}

export async function dropRequests(db: Db, corpId: string, memberIds: readonly number[]): Promise<void> {
  await sql`
    delete from official_link_request
    where corp_id = ${corpId} and member_id = any(${[...memberIds]}::bigint[])`.execute(db)
}

export async function pruneRequests(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(
    db,
    'official_link_request',
    sql`old.expires_at < ${before}`,
    'expires_at',
    atMost,
  )
}
