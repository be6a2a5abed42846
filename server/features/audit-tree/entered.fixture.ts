import { sql } from 'kysely'
import { until } from '../../../test/until.ts'
import type { Core } from '../../platform/core.ts'
import { appendWaiting } from './tree/append.ts'

/** Resolves when everything has entered its tree, by this node or by another. */
export async function allEntered(ctx: Pick<Core, 'db' | 'now' | 'stopping'>): Promise<void> {
  await until('all entered', async () => {
    await appendWaiting(ctx)
    const { rows } = await sql<{ left: boolean }>`
      select exists (select from audit_pending) or exists (select from audit_tree where existing is not null) as left`.execute(
      ctx.db,
    )
    return rows[0]?.left === false
  })
}
