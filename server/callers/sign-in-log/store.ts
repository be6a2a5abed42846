import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type SignInRow = {
  corpId: string
  at: Date
  /** The request id, which a refused person sees. */
  number: string
  /** Null: wisp itself. */
  appId: string | null
  appName: string
  memberId: number | null
  userId: string
  userName: string
  way: string
  /** '' where it succeeded. */
  reason: string
  /** As `wordsToStore` wrote it. */
  detail: string
  acr: number | null
  amr: readonly string[]
  released: readonly string[]
  address: string
  userAgent: string
}

export async function insertSignIns(db: Db, rows: readonly SignInRow[]): Promise<void> {
  await db
    .insertInto('sign_in_log')
    .values(
      rows.map(row => ({
        corp_id: row.corpId,
        at: row.at,
        number: row.number,
        app_id: row.appId,
        app_name: row.appName,
        member_id: row.memberId,
        user_id: row.userId,
        user_name: row.userName,
        way: row.way,
        reason: row.reason,
        detail: row.detail,
        acr: row.acr,
        amr: [...row.amr],
        released: [...row.released],
        address: row.address,
        user_agent: row.userAgent,
      })),
    )
    .execute()
}

export type StoredSignIn = SignInRow & { id: number; acr: number | null }

export type SignInFilter = {
  corpId: string
  /** One app; `wisp` is wisp itself. */
  appId?: string | undefined
  /** Somebody among these; by userid where none of them is known any more. */
  person?: { memberIds: readonly number[]; userId: string } | undefined
  /** Sign-ins of these members are left out. */
  notOf?: readonly number[] | undefined
  way?: readonly string[] | undefined
  result?: 'succeeded' | 'refused' | undefined
  number?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const columns = [
  'corp_id as corpId',
  'id',
  'at',
  'number',
  'app_id as appId',
  'app_name as appName',
  'member_id as memberId',
  'user_id as userId',
  'user_name as userName',
  'way',
  'reason',
  'detail',
  'acr',
  'amr',
  'released',
  'address',
  'user_agent as userAgent',
] as const

function matching(db: Db, { corpId, appId, person, notOf, way, result, number, from, to }: SignInFilter) {
  return db
    .selectFrom('sign_in_log')
    .where('corp_id', '=', corpId)
    .$if(appId === 'wisp', only => only.where('app_id', 'is', null))
    .$if(appId !== undefined && appId !== 'wisp', only => only.where('app_id', '=', appId ?? ''))
    .$if(notOf !== undefined && notOf.length > 0, only =>
      only.where(({ or, eb }) =>
        or([eb('member_id', 'is', null), eb('member_id', 'not in', [...(notOf ?? [])])]),
      ),
    )
    .$if(person !== undefined && person.memberIds.length > 0, only =>
      only.where('member_id', 'in', person?.memberIds ?? []),
    )
    .$if(person !== undefined && person.memberIds.length === 0, only =>
      only.where('user_id', '=', person?.userId ?? ''),
    )
    .$if(way !== undefined, only => only.where('way', 'in', way ?? []))
    .$if(result === 'succeeded', only => only.where('reason', '=', ''))
    .$if(result === 'refused', only => only.where('reason', '<>', ''))
    .$if(number !== undefined, only => only.where('number', '=', number ?? ''))
    .$if(from !== undefined, only => only.where('at', '>=', from!))
    .$if(to !== undefined, only => only.where('at', '<', to!))
}

/** As far as pages go. */
const countedAtMost = 10_000

/** The latest first. `total` is at most 10,000. */
export async function findSignIns(
  db: Db,
  filter: SignInFilter,
  page: { limit: number; offset: number },
): Promise<{ list: StoredSignIn[]; total: number }> {
  const found = matching(db, filter)
  const [list, counted] = await Promise.all([
    found
      .select(columns)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(found.select('id').limit(countedAtMost).as('some'))
      .select(select => select.fn.countAll<number>().as('n'))
      .executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

const chunk = 1000

/** The latest first, a chunk at a time. */
export async function* allSignIns(db: Db, filter: SignInFilter): AsyncGenerator<StoredSignIn[]> {
  let last: StoredSignIn | undefined
  for (;;) {
    const rows: StoredSignIn[] = await matching(db, filter)
      .$if(last !== undefined, only =>
        only.where(sql<boolean>`(at, id) < (${last!.at}::timestamptz, ${last!.id}::bigint)`),
      )
      .select(columns)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(chunk)
      .execute()
    if (rows.length > 0) yield rows
    last = rows.at(-1)
    if (rows.length < chunk) return
  }
}

export async function signInWithId(db: Db, corpId: string, id: number): Promise<StoredSignIn | undefined> {
  return db
    .selectFrom('sign_in_log')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** When a member last signed in to each app, and what it was given then. */
export async function lastSignInsOf(
  db: Db,
  corpId: string,
  memberId: number,
): Promise<{ appId: string; at: Date; released: string[] }[]> {
  const { rows } = await sql<{ appId: string; at: Date; released: string[] }>`
    select distinct on (app_id) app_id as "appId", at, released from sign_in_log
    where corp_id = ${corpId} and member_id = ${memberId} and app_id is not null and reason = ''
    order by app_id, at desc`.execute(db)
  return rows
}

export async function pruneSignIns(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'sign_in_log', sql`old.at < ${before}`, 'at', atMost)
}

export async function eraseSignIns(tx: Db, corpId: string, ids: readonly number[]): Promise<void> {
  await sql`
    update sign_in_log set number = '', app_name = '', member_id = null, user_id = '', user_name = '', detail = '', released = '{}',
      address = '', user_agent = ''
    where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(tx)
}
