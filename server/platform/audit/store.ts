import { type ExpressionBuilder, sql } from 'kysely'
import { noteAct } from '../queue/needs-signal.ts'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'
import type { PruneOrder } from '../storage/retention.ts'
import type { Tables } from '../storage/tables.ts'
import type { Act } from './acts.ts'

export type AuditEntry = {
  id: number
  corpId: string | null
  actor: string
  /** The name at that time; '' for local accounts and the command line. */
  actorName: string
  act: string
  target: string
  /** The name at that time, where the target has one. */
  targetName: string
  /** '' for the command line. */
  address: string
  detail: unknown
  at: Date
}

export type AuditFilter = {
  /** Undefined means every corp, null the installation alone. */
  corpId: string | null | undefined
  /** Includes the acts that concern no corp. */
  withInstallation: boolean
  actor: string | undefined
  /** Acts of these are left out. */
  notBy?: readonly string[] | undefined
  /** An act, or a group of acts such as `sync`. */
  act: string | undefined
  target: string | undefined
  from: Date | undefined
  to: Date | undefined
  /** Only those that were written after this one. */
  afterId?: number | undefined
}

const columns = [
  'id',
  'corp_id as corpId',
  'actor',
  'actor_name as actorName',
  'act',
  'target',
  'target_name as targetName',
  'address',
  'detail',
  'at',
] as const

export async function auditEntries(
  db: Db,
  filter: AuditFilter,
  page: { limit: number; offset: number; descending: boolean },
): Promise<{ list: AuditEntry[]; total: number }> {
  const matching = db.selectFrom('audit').where(builder => matches(builder, filter))
  const [list, counted] = await Promise.all([
    inOrder(db, filter, { atMost: page.offset + page.limit, descending: page.descending })
      .offset(page.offset)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

/**
 * The first of those that match. What is of the corp and what is of the installation are each read by their index and then put together:
 * with both in one condition PostgreSQL may go through the entries of all corps.
 * @param range the ids of which they may be
 */
function inOrder(
  db: Db,
  filter: AuditFilter,
  {
    atMost,
    descending,
    range,
  }: { atMost: number; descending: boolean; range?: [above: number, below: number] },
) {
  const order = descending ? 'desc' : 'asc'
  const parts = ownersOf(filter).map(owner => {
    const part = db
      .selectFrom('audit')
      .select(columns)
      .where(builder => matches(builder, filter, [owner]))
      .$if(range !== undefined, all => all.where('id', '>', range![0]).where('id', '<', range![1]))
      .orderBy('id', order)
      .limit(atMost)
    return db.selectFrom(part.as('part')).selectAll()
  })
  return parts
    .reduce((all, one) => all.unionAll(one))
    .orderBy('id', order)
    .limit(atMost)
}

const chunk = 1000

/** The entries in order, a chunk at a time, without those written after the first chunk. */
export async function* allAuditEntries(
  db: Db,
  filter: AuditFilter,
  descending: boolean,
): AsyncGenerator<AuditEntry[]> {
  // The end of all: that of the matching ones would be looked for backwards through the entries of other corps.
  const newest = await db
    .selectFrom('audit')
    .select(select => select.fn.max('id').as('id'))
    .executeTakeFirst()
  if (!newest?.id) return
  let [above, below] = [0, Number(newest.id) + 1]
  for (;;) {
    const rows = await inOrder(db, filter, { atMost: chunk, descending, range: [above, below] }).execute()
    if (rows.length > 0) yield rows
    if (rows.length < chunk) return
    const last = rows.at(-1)!.id
    if (descending) below = last
    else above = last
  }
}

const lookedAtMost = 10_000

function newestOf(db: Db, corpId: string) {
  return db
    .selectFrom('audit')
    .select(columns)
    .where('corp_id', '=', corpId)
    .orderBy('id', 'desc')
    .limit(lookedAtMost)
    .as('newest')
}

/** The latest entries of or on somebody or something, among the corp's newest ones. */
export async function latestActs(
  db: Db,
  corpId: string,
  words: string,
  limit: number,
): Promise<AuditEntry[]> {
  return db
    .selectFrom(newestOf(db, corpId))
    .select(['id', 'corpId', 'actor', 'actorName', 'act', 'target', 'targetName', 'address', 'detail', 'at'])
    .where(
      sql<boolean>`position(lower(${words}) in lower(concat_ws(' ', "actorName", actor, "targetName", target))) > 0`,
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** The latest entry of this act, among the corp's newest ones. */
export async function latestOfAct(
  db: Db,
  corpId: string,
  act: Act,
): Promise<{ target: string; detail: Readonly<Record<string, unknown>> } | undefined> {
  return db
    .selectFrom(newestOf(db, corpId))
    .select(['target', sql<Readonly<Record<string, unknown>>>`detail`.as('detail')])
    .where('act', '=', act)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

export async function insertAuditEntry(
  db: Db,
  entry: Omit<AuditEntry, 'id' | 'targetName'> & { targetName: string | undefined },
): Promise<void> {
  const { corpId, actorName, targetName, detail, ...rest } = entry
  await db
    .insertInto('audit')
    .values({
      ...rest,
      corp_id: corpId,
      actor_name: actorName,
      target_name: targetName ?? sql<string>`coalesce(${storedName(entry)}, '')`,
      detail: JSON.stringify(detail),
    })
    .returning(noteAct(corpId).as('noted'))
    .execute()
}

/** Counts beside the entry, for ten minutes. */
export async function countInEntry(
  db: Db,
  of: { corpId: string | null; act: string; target: string; detail: object },
  since: Date,
  times: number,
): Promise<void> {
  await sql`
    insert into audit_repetition (entry_id, times, due_at)
    select id, ${times}::int - coalesce((detail ->> 'times')::int, 1), at + interval '10 minutes' from audit
    where at >= ${since} and act = ${of.act} and target = ${of.target}
      and corp_id is not distinct from ${of.corpId} and detail - 'times' = ${JSON.stringify(of.detail)}::jsonb
    order by id desc limit 1
    on conflict (entry_id) do update set times = greatest(audit_repetition.times, excluded.times)`.execute(db)
}

/** Makes an entry of the repetitions that are due, with how many there were. Returns how many entries it made. */
export async function enterRepetitions(db: Db, now: Date): Promise<number> {
  const { rows } = await sql`
    with due as (delete from audit_repetition where due_at <= ${now} returning entry_id, times, due_at),
    made as (
      insert into audit (corp_id, actor, actor_name, act, target, target_name, address, detail, at)
      select corp_id, actor, actor_name, act, target, target_name, address, detail || jsonb_build_object('times', due.times), due.due_at
      from due join lateral (select * from audit where id = due.entry_id offset 0) as audit on true
      where due.times > 0 order by due.entry_id
      returning id, corp_id
    )
    select id from made`.execute(db)
  return rows.length
}

/** Read with the entry, because the name may change and its row may go. */
function storedName({ corpId, act, target }: Pick<AuditEntry, 'corpId' | 'act' | 'target'>) {
  const [family] = act.split('.')
  switch (family) {
    case 'role':
    case 'member':
    case 'session':
    case 'help-desk':
    case 'ticket':
      return sql`(select name from member where corp_id = ${corpId} and user_key = ${target.toLowerCase()} and left_at is null)`
    case 'developer':
    case 'device':
    case 'webhook':
      return sql`(select name from developer where dev_id = ${target})`
    case 'app':
      return sql`(select name from app where id = ${target})`
    case 'corp':
    case 'popups':
      return sql`(select name from corp where corp_id = ${target})`
    case 'agent':
      return sql`(select name from agent where corp_id = ${corpId} and agent_id::text = ${target})`
    case 'tag':
      return sql`(select name from tag where corp_id = ${corpId} and id::text = ${target})`
    case 'message':
      return sql`coalesce((select agent_name from message where corp_id = ${corpId} and id = ${target}), (select name from corp where corp_id = ${target}))`
    case 'official':
      return sql`(select name from official_account where corp_id = ${corpId} and original_id = ${target})`
    default:
      return sql`null`
  }
}

export async function auditEntry(db: Db, id: number): Promise<AuditEntry | undefined> {
  return db.selectFrom('audit').select(columns).where('id', '=', id).executeTakeFirst()
}

export async function auditedActs(
  db: Db,
  filter: Pick<AuditFilter, 'corpId' | 'withInstallation' | 'notBy'>,
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

/** A corp, null for the installation, or undefined for all. */
type Owner = string | null | undefined

function ownersOf({ corpId, withInstallation }: AuditFilter): Owner[] {
  return corpId !== undefined && withInstallation ? [corpId, null] : [corpId]
}

function matches(
  builder: ExpressionBuilder<Tables, 'audit'>,
  filter: AuditFilter,
  owners = ownersOf(filter),
) {
  const { actor, notBy, act, target, from, to, afterId } = filter
  const conditions = []
  const named = owners.filter(owner => owner !== undefined)
  if (named.length > 0)
    conditions.push(
      builder.or(
        named.map(owner =>
          owner === null ? builder('corp_id', 'is', null) : builder('corp_id', '=', owner),
        ),
      ),
    )
  if (actor !== undefined)
    conditions.push(builder.or([contains('actor', actor), contains('actor_name', actor)]))
  if (notBy !== undefined && notBy.length > 0) conditions.push(builder('actor', 'not in', [...notBy]))
  if (target !== undefined)
    conditions.push(builder.or([contains('target', target), contains('target_name', target)]))
  if (act !== undefined)
    conditions.push(builder.or([builder('act', '=', act), sql<boolean>`starts_with(act, ${`${act}.`})`]))
  if (from) conditions.push(builder('at', '>=', from))
  if (to) conditions.push(builder('at', '<', to))
  if (afterId !== undefined) conditions.push(builder('id', '>', afterId))
  return builder.and(conditions)
}

export async function pruneAudit(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit', sql`at < ${before}`, atMost)
}

/** Matches the text literally: % and _ have no special meaning. */
function contains(column: 'actor' | 'actor_name' | 'target' | 'target_name', words: string) {
  return sql<boolean>`position(lower(${words}) in lower(${sql.ref(column)})) > 0`
}

export async function eraseActs(tx: Db, ids: readonly number[]): Promise<void> {
  await sql`
    update audit set actor = '', actor_name = '', target = '', target_name = '', address = '', detail = '{}'
    where id = any(${ids}::bigint[])`.execute(tx)
}
