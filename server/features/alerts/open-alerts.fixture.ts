import { sql } from 'kysely'
import { until } from '../../../test/until.ts'
import type { Core } from '../../platform/core.ts'
import { allEntered } from '../audit-tree/entered.fixture.ts'

/** The open alerts of one cause, as they are stored. */
const openOf = ({ db }: Core, cause: string) =>
  db.selectFrom('alert').selectAll().where('cause', '=', cause).where('ended_at', 'is', null).execute()

/** An alert of this cause is opened although nobody runs the job that looks every five minutes. */
export const begins = (ctx: Core, cause: string) =>
  until(`an alert: ${cause}`, async () => (await openOf(ctx, cause)).length > 0)

export const ends = (ctx: Core, cause: string) =>
  until(`no alert any more: ${cause}`, async () => (await openOf(ctx, cause)).length === 0)

/**
 * Resolves when nobody looks for alerts, nor is asked to, and the audit tree has nothing left to enter: who looked before a test
 * would end what that begins, and a late tree is an alert of its own once the clock moves.
 */
export async function lookedLast(ctx: Core): Promise<void> {
  const { db } = ctx
  await sql`delete from queue where stream = 'alert-check' and holder is null`.execute(db)
  await until('nobody to look for alerts', async () => {
    const { rows } = await sql`select 1 from queue where stream = 'alert-check'`.execute(db)
    return rows.length === 0
  })
  await allEntered(ctx)
}
