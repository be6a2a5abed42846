import { type ExpressionBuilder, sql } from 'kysely'
import type { PruneOrder } from '../operation/retention.ts'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'
import type { Tables } from '../storage/tables.ts'

export type AuditEntry = {
  id: number
  corpId: string | null
  actor: string
  act: string
  target: string
  detail: unknown
  at: Date
}

export type AuditFilter = {
  /** Undefined means every corp. */
  corpId: string | undefined
  /** Includes the acts that concern no corp. */
  withInstallation: boolean
  actor: string | undefined
  /** An act, or a group of acts such as `sync`. */
  act: string | undefined
  target: string | undefined
  from: Date | undefined
  to: Date | undefined
}

const columns = ['id', 'corp_id as corpId', 'actor', 'act', 'target', 'detail', 'at'] as const

export async function auditEntries(
  db: Db,
  filter: AuditFilter,
  page: { limit: number; offset: number; descending: boolean },
): Promise<{ list: AuditEntry[]; total: number }> {
  const matching = db.selectFrom('audit').where(builder => matches(builder, filter))
  const [list, counted] = await Promise.all([
    matching
      .select(columns)
      .orderBy('id', page.descending ? 'desc' : 'asc')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

export async function insertAuditEntry(db: Db, entry: Omit<AuditEntry, 'id'>): Promise<void> {
  const { corpId, detail, ...rest } = entry
  await db
    .insertInto('audit')
    .values({ ...rest, corp_id: corpId, detail: JSON.stringify(detail) })
    .execute()
}

export async function auditEntry(db: Db, id: number): Promise<AuditEntry | undefined> {
  return db.selectFrom('audit').select(columns).where('id', '=', id).executeTakeFirst()
}

export async function auditedActs(
  db: Db,
  filter: Pick<AuditFilter, 'corpId' | 'withInstallation'>,
): Promise<string[]> {
  const all = { actor: undefined, act: undefined, target: undefined, from: undefined, to: undefined }
  const rows = await db
    .selectFrom('audit')
    .select('act')
    .distinct()
    .where(builder => matches(builder, { ...all, ...filter }))
    .orderBy('act')
    .execute()
  return rows.map(row => row.act)
}

function matches(builder: ExpressionBuilder<Tables, 'audit'>, filter: AuditFilter) {
  const { corpId, actor, act, target, from, to } = filter
  const conditions = []
  if (corpId !== undefined) {
    const own = builder('corp_id', '=', corpId)
    conditions.push(filter.withInstallation ? builder.or([own, builder('corp_id', 'is', null)]) : own)
  }
  if (actor !== undefined) conditions.push(contains('actor', actor))
  if (target !== undefined) conditions.push(contains('target', target))
  if (act !== undefined)
    conditions.push(builder.or([builder('act', '=', act), sql<boolean>`starts_with(act, ${`${act}.`})`]))
  if (from) conditions.push(builder('at', '>=', from))
  if (to) conditions.push(builder('at', '<', to))
  return builder.and(conditions)
}

export async function pruneAudit(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit', sql`at < ${before}`, atMost)
}

/** Matches the text literally: % and _ have no special meaning. */
function contains(column: 'actor' | 'target', words: string) {
  return sql<boolean>`position(lower(${words}) in lower(${sql.ref(column)})) > 0`
}
