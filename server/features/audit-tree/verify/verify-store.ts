import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type StoredNode, storedEvery } from '../tree/merkle.ts'
import type { Statement, TreeName } from '../tree/source.ts'

/** Stored subtrees of 256 leaves that end among these leaves. */
export async function storedNodesIn(db: Db, tree: TreeName, from: number, to: number): Promise<StoredNode[]> {
  const span = 2 ** storedEvery
  return db
    .selectFrom('audit_node')
    .select(['level', 'index', 'hash'])
    .where('tree', '=', tree)
    .where('level', '=', storedEvery)
    .where('index', '>=', Math.floor(from / span))
    .where('index', '<', Math.ceil(to / span))
    .execute()
}

/** Returns the statements that have not entered the tree. */
export async function waitingStatements(
  db: Db,
  tree: TreeName,
): Promise<{ statement: Statement; at: Date }[]> {
  const { rows } = await sql<{ statement: Statement; at: Date }>`
    select statement, at from audit_pending where tree = ${tree} and source = 'statement' order by id`.execute(
    db,
  )
  return rows
}

/** The fewest days for which reads of personal data were kept since then: as the corp is set, or was by an act. */
export async function daysOfReads(db: Db, tree: TreeName, since: Date): Promise<number> {
  const { rows } = await sql<{ days: number | null }>`
    with told as (
      select change ->> 'field' as field, given.days::int as days
      from audit cross join lateral jsonb_array_elements(case jsonb_typeof(detail -> 'changes') when 'array' then detail -> 'changes' else '[]' end) as change
        cross join lateral (values (change ->> 'before'), (change ->> 'after')) as given(days)
      where audit.corp_id = ${tree} and at >= ${since} and change ->> 'field' in ('requestLogDays', 'dataReadDays') and given.days ~ '^\\d{1,3}$')
    select greatest(least(request_log_days, (select min(days) from told where field = 'requestLogDays')),
      least(data_read_days, (select min(days) from told where field = 'dataReadDays'))) as days
    from corp where corp_id = ${tree}`.execute(db)
  return rows[0]?.days ?? 0
}
