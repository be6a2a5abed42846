import { type RawBuilder, sql } from 'kysely'
import type { Core } from '../../core.ts'
import type { Database } from '../../storage/database.ts'
import type { Db } from '../../storage/db.ts'

/** The right to write a corp's mirror. `epoch` fences: a node that lost it cannot commit any more. */
export type Lease = { corpId: string; epoch: number }

export class LeaseLost extends Error {
  constructor(corpId: string) {
    super(`another node writes the mirror of ${corpId}`)
  }
}

export const leaseSeconds = 6

/** Undefined while another node holds it. The embedded database has one owner, which need not wait for its own past. */
export async function takeLease(
  ctx: Core & { database: Database },
  corpId: string,
): Promise<Lease | undefined> {
  const isAlone = ctx.database.pglite !== undefined
  const rows = await sql<{ epoch: number }>`
    insert into sync_lease (corp_id, holder, epoch, expires_at)
    values (${corpId}, ${ctx.nodeId}, 1, now() + make_interval(secs => ${leaseSeconds}))
    on conflict (corp_id) do update set holder = excluded.holder, epoch = sync_lease.epoch + 1,
        expires_at = excluded.expires_at
      where sync_lease.expires_at < now() or sync_lease.holder = ${ctx.nodeId} or ${isAlone}
    returning epoch`.execute(ctx.db)
  const epoch = rows.rows[0]?.epoch
  return epoch === undefined ? undefined : { corpId, epoch }
}

export async function renewLease(ctx: Core, lease: Lease): Promise<boolean> {
  const rows = await sql`
    update sync_lease set expires_at = now() + make_interval(secs => ${leaseSeconds})
    where corp_id = ${lease.corpId} and epoch = ${lease.epoch} returning 1`.execute(ctx.db)
  return rows.rows.length > 0
}

export async function releaseLease(ctx: Core, lease: Lease): Promise<void> {
  await sql`
    update sync_lease set expires_at = now() - interval '1 second'
    where corp_id = ${lease.corpId} and epoch = ${lease.epoch}`.execute(ctx.db)
}

/** In a transaction that writes the mirror. Throws LeaseLost. */
export async function holdLease(tx: Db, lease: Lease): Promise<void> {
  const rows = await sql`select ${isHeld(lease)} as held`.execute(tx)
  if (!(rows.rows[0] as { held: boolean }).held) throw new LeaseLost(lease.corpId)
}

/** The same as a condition. Until the transaction ends nobody else can take the lease. */
export function isHeld({ corpId, epoch }: Lease): RawBuilder<boolean> {
  return sql<boolean>`
    exists (select from sync_lease where corp_id = ${corpId} and epoch = ${epoch} for share)`
}

export type LeaseHolder = { nodeId: string; expiresAt: Date; isHeld: boolean }

/** The node that writes the corp's mirror, or the last one that did. */
export async function leaseHolder(db: Db, corpId: string): Promise<LeaseHolder | undefined> {
  const rows = await sql<LeaseHolder>`
    select holder as "nodeId", expires_at as "expiresAt", expires_at > now() as "isHeld"
    from sync_lease where corp_id = ${corpId}`.execute(db)
  return rows.rows[0]
}
