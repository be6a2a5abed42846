import type { SessionRow } from '../../organisation/people/store.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { SeenAfter } from '../tickets/live-ticket-store.ts'

export type LiveSession = Omit<SessionRow, 'mustChange' | 'mustEnrol'>

export type LiveFilter = {
  corpId: string
  /** Includes the sessions of system super administrators, who belong to no corp. */
  withAdministrators: boolean
  /** Limits the list to these members and excludes administrators. */
  memberIds: readonly number[] | undefined
  now: Date
  seenAfter: SeenAfter
}

const columns = [
  'id',
  'corp_id as corpId',
  'member_id as memberId',
  'admin_name as adminName',
  'created_at as createdAt',
  'seen_at as seenAt',
  'expires_at as expiresAt',
  'address',
  'user_agent as userAgent',
] as const

export async function liveSessions(
  db: Db,
  filter: LiveFilter,
  page: { limit: number; offset: number; by: 'seenAt' | 'createdAt'; descending: boolean },
): Promise<{ list: LiveSession[]; total: number }> {
  const { memberIds, seenAfter } = filter
  const matching = db
    .selectFrom('session')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', filter.now)
    .where(({ or, and, eb }) => {
      const members = and([
        eb('corp_id', '=', filter.corpId),
        eb('member_id', 'is not', null),
        eb('seen_at', '>', seenAfter.member),
        ...(memberIds ? [eb('member_id', 'in', memberIds.length > 0 ? memberIds : [-1])] : []),
      ])
      if (!filter.withAdministrators || memberIds) return members
      const administrators = and([
        eb('admin_name', 'is not', null),
        eb('seen_at', '>', seenAfter.administrator),
      ])
      return or([members, administrators])
    })
  const order = page.by === 'seenAt' ? ('seen_at' as const) : ('created_at' as const)
  const [list, counted] = await Promise.all([
    matching
      .select(columns)
      .orderBy(order, page.descending ? 'desc' : 'asc')
      .orderBy('id')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

export async function findSession(db: Db, id: string): Promise<LiveSession | undefined> {
  return db
    .selectFrom('session')
    .select(columns)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

export async function touchSession(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('session').set({ seen_at: at }).where('id', '=', id).execute()
}
