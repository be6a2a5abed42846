import { sql } from 'kysely'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type JointRow = {
  id: number
  corpId: string | null
  kind: string
  payload: unknown
  about: string
  state: 'open' | 'done' | 'refused'
  proposedAt: Date
  expiresAt: Date
  decidedAt: Date | null
}
export type AssentRow = { role: ThreeRole; actor: string; givenAt: Date }

const columns = [
  'id',
  'corp_id as corpId',
  'kind',
  'payload',
  'about',
  'state',
  'proposed_at as proposedAt',
  'expires_at as expiresAt',
  'decided_at as decidedAt',
] as const

export async function insertJointAct(
  tx: Db,
  row: Pick<JointRow, 'corpId' | 'kind' | 'payload' | 'about' | 'proposedAt' | 'expiresAt'>,
): Promise<number> {
  const { id } = await tx
    .insertInto('joint_act')
    .values({
      corp_id: row.corpId,
      kind: row.kind,
      payload: JSON.stringify(row.payload),
      about: row.about,
      proposed_at: row.proposedAt,
      expires_at: row.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Locks it, so that two who agree at once come one after the other. */
export async function lockJointAct(
  tx: Db,
  corpId: string | undefined,
  id: number,
): Promise<JointRow | undefined> {
  return tx
    .selectFrom('joint_act')
    .select(columns)
    .where('id', '=', id)
    .where('corp_id', 'is not distinct from', corpId ?? null)
    .forUpdate()
    .executeTakeFirst()
}

/** The latest first. */
export async function jointActs(db: Db, corpId: string | undefined, atMost: number): Promise<JointRow[]> {
  return db
    .selectFrom('joint_act')
    .select(columns)
    .where('corp_id', 'is not distinct from', corpId ?? null)
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
}

/** All that wait for an agreement, in all corps and the installation. */
export async function openJointActs(db: Db, now: Date): Promise<JointRow[]> {
  return db
    .selectFrom('joint_act')
    .select(columns)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .orderBy('id')
    .execute()
}

export async function countOpen(db: Db, corpId: string | undefined, now: Date): Promise<number> {
  const { n } = await db
    .selectFrom('joint_act')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('corp_id', 'is not distinct from', corpId ?? null)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(n)
}

export async function decideJointAct(tx: Db, id: number, state: 'done' | 'refused', at: Date): Promise<void> {
  await tx.updateTable('joint_act').set({ state, decided_at: at }).where('id', '=', id).execute()
}

/** Ends all that is open, when the three are separated no more. */
export async function refuseOpen(tx: Db, corpId: string | undefined, at: Date): Promise<void> {
  await tx
    .updateTable('joint_act')
    .set({ state: 'refused', decided_at: at })
    .where('corp_id', 'is not distinct from', corpId ?? null)
    .where('state', '=', 'open')
    .execute()
}

/** False where this one of the three has agreed before. */
export async function insertAssent(tx: Db, actId: number, assent: AssentRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('joint_assent')
    .values({ act_id: actId, role: assent.role, actor: assent.actor, given_at: assent.givenAt })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

export async function assentsOf(db: Db, actIds: readonly number[]): Promise<Map<number, AssentRow[]>> {
  const rows = await db
    .selectFrom('joint_assent')
    .select(['act_id as actId', 'role', 'actor', 'given_at as givenAt'])
    .where('act_id', 'in', [...actIds, -1])
    .orderBy('given_at')
    .execute()
  return Map.groupBy(rows as (AssentRow & { actId: number })[], one => one.actId)
}

export async function pruneJointActs(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'joint_act', sql`expires_at < ${before}`, atMost)
}
