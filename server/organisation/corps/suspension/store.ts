import type { Db } from '../../../platform/storage/db.ts'
import { type Closure, closureOf } from './closure.ts'

const columns = [
  'name',
  'suspended_at as suspendedAt',
  'suspended_by as suspendedBy',
  'suspended_reason as suspendedReason',
  'removing_at as removingAt',
] as const

export type SuspensionRow = {
  name: string
  suspendedAt: Date | null
  suspendedBy: string
  suspendedReason: string
  removingAt: Date | null
}

/** Also of a corp that is being deleted. Undefined when there is none. */
export async function readSuspension(db: Db, corpId: string): Promise<SuspensionRow | undefined> {
  return db.selectFrom('corp').select(columns).where('corp_id', '=', corpId).executeTakeFirst()
}

/** Locks the row until the end of the transaction. */
export async function lockSuspension(tx: Db, corpId: string): Promise<SuspensionRow | undefined> {
  return tx
    .selectFrom('corp')
    .select(columns)
    .where('corp_id', '=', corpId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Why the corp is not served; that stays so until the transaction ends. */
export async function holdClosure(tx: Db, corpId: string): Promise<Closure | undefined> {
  const row = await tx
    .selectFrom('corp')
    .select(columns)
    .where('corp_id', '=', corpId)
    .forShare()
    .executeTakeFirst()
  return row && closureOf(row)
}

export async function writeSuspension(
  tx: Db,
  corpId: string,
  { at, by, reason }: { at: Date | null; by: string; reason: string },
): Promise<void> {
  await tx
    .updateTable('corp')
    .set({ suspended_at: at, suspended_by: by, suspended_reason: reason })
    .where('corp_id', '=', corpId)
    .execute()
}

/** From here on the corp is nowhere to be found but where it is deleted. */
export async function writeRemoving(tx: Db, corpId: string, at: Date): Promise<void> {
  await tx.updateTable('corp').set({ removing_at: at }).where('corp_id', '=', corpId).execute()
}
