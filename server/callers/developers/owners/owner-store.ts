import { sql } from 'kysely'
import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** The owners of the developers of one corp, or of all; also those who have left since. */
export async function ownerIds(db: Db, corpId?: string): Promise<{ devId: string; memberId: number }[]> {
  return db
    .selectFrom('developer_owner')
    .select(['dev_id as devId', 'member_id as memberId'])
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .execute()
}

/** `mayAct` is false for who left the corp, or is disabled or not activated. */
export type OwnerRow = { memberId: number; userId: string; name: string; mayAct: boolean }

const mayAct = sql<boolean>`(m.left_at is null and m.status = ${memberStatus.active})`

/** In the order in which they were named. */
export async function ownersOf(db: Db, corpId: string, devId: string): Promise<OwnerRow[]> {
  return db
    .selectFrom('developer_owner as o')
    .innerJoin('member as m', join =>
      join.onRef('m.corp_id', '=', 'o.corp_id').onRef('m.id', '=', 'o.member_id'),
    )
    .select(['m.id as memberId', 'm.user_id as userId', 'm.name', mayAct.as('mayAct')])
    .where('o.corp_id', '=', corpId)
    .where('o.dev_id', '=', devId)
    .orderBy('o.created_at')
    .orderBy('m.id')
    .execute()
}

/** Returns the owners of all developers of a corp. */
export async function ownersOfCorp(db: Db, corpId: string): Promise<(OwnerRow & { devId: string })[]> {
  return db
    .selectFrom('developer_owner as o')
    .innerJoin('member as m', join =>
      join.onRef('m.corp_id', '=', 'o.corp_id').onRef('m.id', '=', 'o.member_id'),
    )
    .select(['o.dev_id as devId', 'm.id as memberId', 'm.user_id as userId', 'm.name', mayAct.as('mayAct')])
    .where('o.corp_id', '=', corpId)
    .orderBy('o.created_at')
    .orderBy('m.id')
    .execute()
}

/** Makes these the owners; who is one already stays where they are. */
export async function putOwners(
  tx: Db,
  corpId: string,
  devId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<void> {
  await tx
    .deleteFrom('developer_owner')
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .$if(memberIds.length > 0, others => others.where('member_id', 'not in', memberIds))
    .execute()
  if (memberIds.length === 0) return
  await tx
    .insertInto('developer_owner')
    .values(
      memberIds.map(memberId => ({ corp_id: corpId, dev_id: devId, member_id: memberId, created_at: at })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Members by id, also those who left. */
export async function peopleOf(db: Db, corpId: string, ids: readonly number[]): Promise<OwnerRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('member as m')
    .select(['m.id as memberId', 'm.user_id as userId', 'm.name', mayAct.as('mayAct')])
    .where('m.corp_id', '=', corpId)
    .where('m.id', 'in', ids)
    .execute()
}

/** Enabled developers of one corp, or of all, that were given owners, none of whom may act any more. */
export async function ownerless(
  db: Db,
  corpIds?: readonly string[],
): Promise<{ corpId: string; devId: string; name: string }[]> {
  const { rows } = await sql<{ corpId: string; devId: string; name: string }>`
    select d.corp_id as "corpId", d.dev_id as "devId", d.name from developer d
    join developer_owner o on o.corp_id = d.corp_id and o.dev_id = d.dev_id
    join member m on m.corp_id = o.corp_id and m.id = o.member_id
    where d.enabled and (${corpIds ?? null}::text[] is null or d.corp_id = any(${corpIds ?? null})) group by d.dev_id having not bool_or(${mayAct})`.execute(
    db,
  )
  return rows
}

/** Whether one of these members owns a developer. */
export async function ownsAny(db: Db, corpId: string, memberIds: readonly number[]): Promise<boolean> {
  const owner = await db
    .selectFrom('developer_owner')
    .select('dev_id')
    .where('corp_id', '=', corpId)
    .where('member_id', 'in', memberIds)
    .limit(1)
    .executeTakeFirst()
  return owner !== undefined
}
