import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'

type AccountKey = { corpId: string; originalId: string }

export type Follower = {
  openid: string
  unionid: string | null
  subscribed: boolean
  subscribedAt: Date | null
  unsubscribedAt: Date | null
  /** How the person came, in WeChat's words; '' when it is not known. */
  scene: string
  qrScene: string
  remark: string
  tagIds: number[]
  isBlocked: boolean
  nickname: string
  avatar: string
  memberId: number | null
  linkedAt: Date | null
  readAt: Date | null
}

export type FollowerFilter = {
  /** In nickname or remark, or the openid or unionid itself. */
  text?: string | undefined
  tagId?: number | undefined
  scene?: string | undefined
  qrScene?: string | undefined
  subscribed?: boolean | undefined
  linked?: boolean | undefined
  blocked?: boolean | undefined
  openids?: readonly string[] | undefined
  unionids?: readonly string[] | undefined
  memberIds?: readonly number[] | undefined
}

const columns = sql`openid, unionid, subscribed, subscribed_at as "subscribedAt", unsubscribed_at as "unsubscribedAt",
  scene, qr_scene as "qrScene", remark, tag_ids as "tagIds", is_blocked as "isBlocked", nickname, avatar,
  member_id as "memberId", linked_at as "linkedAt", read_at as "readAt"`

/** The newest first. */
export async function listFollowers(
  db: Db,
  of: AccountKey,
  filter: FollowerFilter,
  page: { limit: number; offset: number },
): Promise<{ list: Follower[]; total: number }> {
  const matching = sql`from official_follower where ${matches(of, filter)}`
  const [found, counted] = await Promise.all([
    sql<Follower>`
      select ${columns} ${matching} order by subscribed_at desc nulls last, openid
      limit ${page.limit} offset ${page.offset}`.execute(db),
    sql<{ n: number }>`select count(*)::int as n ${matching}`.execute(db),
  ])
  return { list: found.rows, total: counted.rows[0]?.n ?? 0 }
}

/** All of them by openid, a chunk at a time. */
export async function* allFollowers(
  db: Db,
  of: AccountKey,
  filter: FollowerFilter,
  chunk: number,
): AsyncGenerator<Follower[]> {
  let after = ''
  for (;;) {
    const rows: Follower[] = await followersAfter(db, of, filter, after, chunk)
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = last.openid
  }
}

/** The next of them by openid. */
export async function followersAfter(
  db: Db,
  of: AccountKey,
  filter: FollowerFilter,
  after: string,
  limit: number,
): Promise<Follower[]> {
  const { rows } = await sql<Follower>`
    select ${columns} from official_follower where ${matches(of, filter)} and openid > ${after}
    order by openid limit ${limit}`.execute(db)
  return rows
}

export async function findFollower(
  db: Db,
  { corpId, originalId }: AccountKey,
  by: { openid: string } | { unionid: string } | { memberId: number },
): Promise<Follower | undefined> {
  const is =
    'openid' in by
      ? sql`openid = ${by.openid}`
      : 'unionid' in by
        ? sql`unionid = ${by.unionid}`
        : sql`member_id = ${by.memberId}`
  const { rows } = await sql<Follower>`
    select ${columns} from official_follower
    where corp_id = ${corpId} and original_id = ${originalId} and ${is} limit 1`.execute(db)
  return rows[0]
}

export async function knownOpenids(
  db: Db,
  { corpId, originalId }: AccountKey,
  openids: readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('official_follower')
    .select('openid')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', 'in', [...openids])
    .execute()
  return rows.map(row => row.openid)
}

/** The scenes that occur, for a filter. */
export async function scenesOf(db: Db, { corpId, originalId }: AccountKey): Promise<string[]> {
  const rows = await db
    .selectFrom('official_follower')
    .select('scene')
    .distinct()
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('scene', '<>', '')
    .orderBy('scene')
    .execute()
  return rows.map(row => row.scene)
}

function matches({ corpId, originalId }: AccountKey, filter: FollowerFilter): RawBuilder<unknown> {
  const { text, tagId, scene, qrScene, subscribed, linked, blocked } = filter
  const conditions = [sql`corp_id = ${corpId} and original_id = ${originalId}`]
  if (text !== undefined) {
    const part = `%${text.replace(/[\\%_]/g, one => `\\${one}`)}%`
    conditions.push(
      sql`(openid = ${text} or unionid = ${text} or nickname ilike ${part} or remark ilike ${part})`,
    )
  }
  if (tagId !== undefined) conditions.push(sql`${tagId}::int = any(tag_ids)`)
  if (scene !== undefined) conditions.push(sql`scene = ${scene}`)
  if (qrScene !== undefined) conditions.push(sql`qr_scene = ${qrScene} and qr_scene <> ''`)
  if (subscribed !== undefined) conditions.push(sql`subscribed = ${subscribed}`)
  if (linked !== undefined) conditions.push(sql`(member_id is not null) = ${linked}`)
  if (blocked !== undefined) conditions.push(sql`is_blocked = ${blocked}`)
  const { openids, unionids, memberIds } = filter
  if (openids) conditions.push(sql`openid = any(${[...openids]}::text[])`)
  if (unionids) conditions.push(sql`unionid = any(${[...unionids]}::text[])`)
  if (memberIds) conditions.push(sql`member_id = any(${[...memberIds]}::bigint[])`)
  return sql.join(conditions, sql` and `)
}

export async function noteRemark(db: Db, of: AccountKey, openid: string, remark: string): Promise<void> {
  await db
    .updateTable('official_follower')
    .set({ remark })
    .where('corp_id', '=', of.corpId)
    .where('original_id', '=', of.originalId)
    .where('openid', '=', openid)
    .execute()
}

export async function noteBlocked(
  db: Db,
  of: AccountKey,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  await db
    .updateTable('official_follower')
    .set({ is_blocked: isOn })
    .where('corp_id', '=', of.corpId)
    .where('original_id', '=', of.originalId)
    .where('openid', 'in', [...openids])
    .execute()
}
