import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Finding } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'

export type Verification = {
  id: number
  tree: TreeName
  askedAt: Date
  askedBy: string
  endedAt: Date | null
  checked: number
  size: number
  findings: Finding[] | null
  /** Why it could not be done; '' where it could. */
  problem: string
}

const columns = [
  'id',
  'tree',
  'asked_at as askedAt',
  'asked_by as askedBy',
  'ended_at as endedAt',
  'checked',
  'size',
  'findings',
  'problem',
] as const

/** Returns the trees that are the installation's, or of a corp that exists. */
export async function namesWithCorp(db: Db, trees: readonly TreeName[]): Promise<TreeName[]> {
  const { rows } = await sql<{ tree: string }>`
    select tree from unnest(${trees}::text[]) as given(tree)
    where tree = '' or exists (select from corp where corp.corp_id = given.tree)`.execute(db)
  return rows.map(row => row.tree)
}

/** Puts one that has ended, in place of those that the same asker had made before: a command may be run each minute for years. */
export async function replaceVerification(
  tx: Db,
  { tree, askedAt, askedBy, endedAt, checked, size, findings }: Omit<Verification, 'id' | 'problem'>,
): Promise<void> {
  await sql`
    with before as (delete from audit_verification where tree = ${tree} and asked_by = ${askedBy} and ended_at is not null)
    insert into audit_verification (tree, asked_at, asked_by, ended_at, checked, size, findings)
    values (${tree}, ${askedAt}, ${askedBy}, ${endedAt}, ${checked}, ${size}, ${JSON.stringify(findings)}::jsonb)`.execute(
    tx,
  )
}

/** Asks for one, unless one is under way; returns its id. */
export async function insertVerification(
  db: Db,
  { tree, askedAt, askedBy }: Pick<Verification, 'tree' | 'askedAt' | 'askedBy'>,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    with open as (select id from audit_verification where tree = ${tree} and ended_at is null limit 1),
    made as (
      insert into audit_verification (tree, asked_at, asked_by)
      select ${tree}, ${askedAt}, ${askedBy} where not exists (select from open) returning id)
    select id from open union all select id from made`.execute(db)
  return rows[0]!.id
}

/** One that is under way, or else the last. */
export async function lastVerification(db: Db, tree: TreeName): Promise<Verification | undefined> {
  const row = await db
    .selectFrom('audit_verification')
    .select(columns)
    .where('tree', '=', tree)
    .orderBy(sql`ended_at is null`, 'desc')
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row as Verification | undefined
}

/** What the last one that has ended found. */
export async function lastFindings(db: Db, tree: TreeName): Promise<Finding[]> {
  const { rows } = await sql<{ findings: Finding[] }>`
    select findings from audit_verification
    where tree = ${tree} and ended_at is not null and findings is not null
    order by ended_at desc, id desc limit 1`.execute(db)
  return rows[0]?.findings ?? []
}

/** Trees whose last verification that has ended found something. */
export async function verificationsWithFindings(db: Db): Promise<{ tree: TreeName; findings: Finding[] }[]> {
  const { rows } = await sql<{ tree: string; findings: Finding[] }>`
    select t.tree, last.findings from audit_tree t cross join lateral (
      select findings from audit_verification v where v.tree = t.tree and v.ended_at is not null and v.findings is not null
      order by ended_at desc, id desc limit 1) as last
    where jsonb_array_length(last.findings) > 0 order by t.tree`.execute(db)
  return rows
}

export const leaseSeconds = 15

/** Takes one that nobody works on, or whose node has gone. */
export async function takeVerification(db: Db): Promise<Pick<Verification, 'id' | 'tree'> | undefined> {
  const { rows } = await sql<{ id: number; tree: string }>`
    update audit_verification set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where id = (select id from audit_verification where ended_at is null and (lease_until is null or lease_until < now())
      order by id limit 1 for update skip locked)
    returning id, tree`.execute(db)
  return rows[0]
}

export async function renewLease(db: Db, id: number): Promise<void> {
  await sql`
    update audit_verification set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where id = ${id} and ended_at is null`.execute(db)
}

export async function noteProgress(db: Db, id: number, checked: number, size: number): Promise<void> {
  await sql`
    update audit_verification set checked = ${checked}, size = ${size}, lease_until = now() + make_interval(secs => ${leaseSeconds})
    where id = ${id} and ended_at is null`.execute(db)
}

export async function endVerification(
  db: Db,
  { id, endedAt, checked, size, findings, problem }: Omit<Verification, 'tree' | 'askedAt' | 'askedBy'>,
): Promise<void> {
  await sql`
    update audit_verification set ended_at = ${endedAt}, checked = ${checked}, size = ${size}, problem = ${problem},
      findings = ${findings === null ? null : JSON.stringify(findings)}::jsonb
    where id = ${id} and ended_at is null`.execute(db)
}

export async function pruneVerifications(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit_verification', sql`asked_at < ${before}`, atMost)
}
