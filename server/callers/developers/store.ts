import { sql } from 'kysely'
import type { LimitSettings } from '../../organisation/corps/call-limits.ts'
import type { PacketUse } from '../../platform/http/caller.ts'
import { dayOf } from '../../platform/operation/day.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { RefundLimits } from './scopes/refund-limits.ts'

export type DeveloperRow = {
  devId: string
  corpId: string
  name: string
  enabled: boolean
  scopes: string[]
  /** ISO 8601, by scope. */
  scopeEnds: Record<string, string>
  scopeDepartments: number[] | null
  scopeTags: number[] | null
  scopeGroups: number[] | null
  allowedIps: string[]
  /** Original ids of official accounts; null: all of the corp. */
  accounts: string[] | null
  scopeSeq: number
  listStyle: 'object' | 'array'
  packets: PacketUse
  newDevices: boolean
  /** Whether calls with inputs that they do not know are refused. */
  strictInputs: boolean
  /** Whether its messages go out by the agents of its own apps and by the message centre's only. */
  ownAgents: boolean
  /** Whether the inbox that it embeds shows all messages of its person. */
  wholeInbox: boolean
  /** What its SMS may cost in a month, in fen; 0: as much as they cost. */
  smsBudget: number
  /** Calls of vendors that it may have passed on. */
  upstreamPaths: string[]
  /** Where they differ from the corp's; {}: nowhere. */
  callLimits: LimitSettings
  refundLimits: RefundLimits
  createdAt: Date
}

export type SecretRow = {
  id: number
  devId: string
  hash: string
  createdAt: Date
  lastUsedAt: Date | null
  /** The member who made it; null: the system account, the command line, or an earlier version. */
  createdBy: number | null
}

const developerColumns = [
  'dev_id as devId',
  'corp_id as corpId',
  'name',
  'enabled',
  'scopes',
  'scope_ends as scopeEnds',
  'scope_departments as scopeDepartments',
  'scope_tags as scopeTags',
  'scope_groups as scopeGroups',
  'allowed_ips as allowedIps',
  'accounts',
  'scope_seq as scopeSeq',
  'list_style as listStyle',
  'packets',
  'new_devices as newDevices',
  'strict_inputs as strictInputs',
  'own_agents as ownAgents',
  'whole_inbox as wholeInbox',
  'sms_budget as smsBudget',
  'upstream_paths as upstreamPaths',
  'created_at as createdAt',
] as const

const ofLimits = [
  sql<LimitSettings>`call_limits`.as('callLimits'),
  sql<RefundLimits>`refund_limits`.as('refundLimits'),
] as const

/** Reads those of one corp, or of all. */
export async function allDevelopers(db: Db, corpId?: string): Promise<DeveloperRow[]> {
  return db
    .selectFrom('developer')
    .select(developerColumns)
    .select(ofLimits)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('created_at')
    .orderBy('dev_id')
    .execute()
}

/** Counts the enabled developers of each corp. */
export async function countDevelopers(db: Db, corpIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ corpId: string; count: number }>`
    select corp_id as "corpId", count(*)::int as count from developer
    where corp_id = any(${corpIds}) and enabled group by corp_id`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.count]))
}

/** Undefined means the whole corp. */
export function dataScopeOf(
  row: DeveloperRow,
): { departments: number[]; tags: number[]; groups?: number[] } | undefined {
  const { scopeDepartments, scopeTags, scopeGroups } = row
  if (scopeDepartments === null && scopeTags === null) return undefined
  const scope = { departments: scopeDepartments ?? [], tags: scopeTags ?? [] }
  return scopeGroups?.length ? { ...scope, groups: scopeGroups } : scope
}

/** The developers whose data scope names a group, by name. */
export async function developersWithGroup(
  db: Db,
  corpId: string,
  groupId: number,
): Promise<{ devId: string; name: string }[]> {
  const { rows } = await sql<{ devId: string; name: string }>`
    select dev_id as "devId", name from developer where corp_id = ${corpId} and ${groupId} = any(scope_groups)
    order by name`.execute(db)
  return rows
}

/** Locks the row until the end of the transaction. */
export async function lockDeveloper(db: Db, devId: string): Promise<DeveloperRow | undefined> {
  return db
    .selectFrom('developer')
    .select(developerColumns)
    .select(ofLimits)
    .where('dev_id', '=', devId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Secrets that are not revoked, of one corp or of all. */
export async function liveSecrets(db: Db, corpId?: string): Promise<SecretRow[]> {
  return db
    .selectFrom('developer_secret')
    .select([
      'id',
      'dev_id as devId',
      'hash',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      'created_by as createdBy',
    ])
    .where('revoked_at', 'is', null)
    .$if(corpId !== undefined, only =>
      only.where('dev_id', 'in', of =>
        of
          .selectFrom('developer')
          .select('dev_id')
          .where('corp_id', '=', corpId ?? ''),
      ),
    )
    .orderBy('id')
    .execute()
}

export async function insertDeveloper(db: Db, row: Omit<DeveloperRow, 'scopeSeq'>): Promise<void> {
  await db
    .insertInto('developer')
    .values({
      dev_id: row.devId,
      corp_id: row.corpId,
      name: row.name,
      enabled: row.enabled,
      scopes: row.scopes,
      scope_ends: JSON.stringify(row.scopeEnds),
      scope_departments: row.scopeDepartments,
      scope_tags: row.scopeTags,
      scope_groups: row.scopeGroups ?? null,
      allowed_ips: row.allowedIps,
      accounts: row.accounts,
      list_style: row.listStyle,
      packets: row.packets,
      new_devices: row.newDevices,
      strict_inputs: row.strictInputs,
      own_agents: row.ownAgents,
      whole_inbox: row.wholeInbox,
      sms_budget: row.smsBudget,
      upstream_paths: row.upstreamPaths,
      call_limits: JSON.stringify(row.callLimits),
      refund_limits: JSON.stringify(row.refundLimits),
      created_at: row.createdAt,
    })
    .execute()
}

export type DeveloperChange = Partial<Omit<DeveloperRow, 'devId' | 'corpId' | 'createdAt'>>

/** Locks the developer until the end of the transaction, so that what it refunds in a day is added up in order. */
export async function lockRefundLimits(tx: Db, devId: string): Promise<RefundLimits | undefined> {
  return (await lockDeveloper(tx, devId))?.refundLimits
}

export async function updateDeveloper(db: Db, devId: string, change: DeveloperChange): Promise<void> {
  const row = {
    name: change.name,
    enabled: change.enabled,
    scopes: change.scopes,
    scope_ends: change.scopeEnds && JSON.stringify(change.scopeEnds),
    scope_departments: change.scopeDepartments,
    scope_tags: change.scopeTags,
    scope_groups: change.scopeGroups,
    allowed_ips: change.allowedIps,
    accounts: change.accounts,
    scope_seq: change.scopeSeq,
    list_style: change.listStyle,
    packets: change.packets,
    new_devices: change.newDevices,
    strict_inputs: change.strictInputs,
    own_agents: change.ownAgents,
    whole_inbox: change.wholeInbox,
    sms_budget: change.smsBudget,
    upstream_paths: change.upstreamPaths,
    call_limits: change.callLimits && JSON.stringify(change.callLimits),
    refund_limits: change.refundLimits && JSON.stringify(change.refundLimits),
  }
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) {
    await db.updateTable('developer').set(given).where('dev_id', '=', devId).execute()
  }
}

export async function deleteDeveloper(db: Db, devId: string): Promise<void> {
  await db.deleteFrom('developer').where('dev_id', '=', devId).execute()
}

/** All secrets of a developer by id, counted from 1 in the order in which it got them. */
export async function secretNumbers(db: Db, devId: string): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('developer_secret')
    .select('id')
    .where('dev_id', '=', devId)
    .orderBy('id')
    .execute()
  return new Map(rows.map(({ id }, index) => [id, index + 1]))
}

export async function insertSecret(
  db: Db,
  { devId, hash, createdAt, createdBy }: Pick<SecretRow, 'devId' | 'hash' | 'createdAt' | 'createdBy'>,
): Promise<void> {
  await db
    .insertInto('developer_secret')
    .values({ dev_id: devId, hash, created_at: createdAt, created_by: createdBy })
    .execute()
}

export async function revokeSecrets(db: Db, ids: number[], at: Date): Promise<void> {
  await db
    .updateTable('developer_secret')
    .set({ revoked_at: at })
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .execute()
}

export type Usage = {
  devId: string
  day: string
  endpoint: string
  calls: number
  failures: number
  lastAt: Date
}

/** All nodes write rows in the same order, so that two of them cannot deadlock. */
export async function addUsage(db: Db, usage: Usage[]): Promise<void> {
  await sql`
    insert into developer_usage (dev_id, day, endpoint, calls, failures, last_at)
    select row."devId", row.day, row.endpoint, row.calls, row.failures, row."lastAt"
    from jsonb_to_recordset(${JSON.stringify(usage)}::jsonb)
      as row("devId" text, day date, endpoint text, calls bigint, failures bigint, "lastAt" timestamptz)
    join developer d on d.dev_id = row."devId"
    order by 1, 2, 3
    on conflict (dev_id, day, endpoint) do update set calls = developer_usage.calls + excluded.calls,
      failures = developer_usage.failures + excluded.failures,
      last_at = greatest(developer_usage.last_at, excluded.last_at)`.execute(db)
}

export async function touchSecrets(db: Db, usedAt: { id: number; at: Date }[]): Promise<void> {
  await sql`
    with used as (
      select s.id, row.at from developer_secret s
      join jsonb_to_recordset(${JSON.stringify(usedAt)}::jsonb) as row(id bigint, at timestamptz) on row.id = s.id
      order by s.id for no key update of s
    )
    update developer_secret s set last_used_at = used.at from used where s.id = used.id`.execute(db)
}

export type CallsBy = 'devId' | 'day' | 'endpoint'
/** What was not asked for by name is ''. */
export type Calls = Record<CallsBy, string> & { calls: number; failures: number }

/** Added up by what `by` names; what has no calls is left out. */
export async function callsOf(
  db: Db,
  { corpId, devId, sinceDay }: { corpId: string; devId?: string | undefined; sinceDay: string },
  by: readonly CallsBy[],
): Promise<Calls[]> {
  const columns = { devId: sql`u.dev_id`, day: sql`u.day::text`, endpoint: sql`u.endpoint` }
  const shown = (name: CallsBy) => (by.includes(name) ? columns[name] : sql`''`)
  const { rows } = await sql<Calls>`
    select ${shown('devId')} as "devId", ${shown('day')} as day, ${shown('endpoint')} as endpoint,
      sum(u.calls)::float8 as calls, sum(u.failures)::float8 as failures
    from developer_usage u join developer d on d.dev_id = u.dev_id
    where d.corp_id = ${corpId} and (${devId ?? null}::text is null or d.dev_id = ${devId ?? null})
      and u.day >= ${sinceDay}::date
    group by 1, 2, 3 order by 2, 3, 1`.execute(db)
  return rows
}

/** Returns the time of each developer's last call. For calls that an earlier version counted, only the day is known. */
export async function lastCallsOf(db: Db, corpId: string): Promise<Map<string, Date>> {
  const { rows } = await sql<{ devId: string; at: Date }>`
    select d.dev_id as "devId", last.at from developer d cross join lateral (
      select coalesce(max(u.last_at), max(u.day)::timestamp at time zone 'Asia/Shanghai') as at from developer_usage u
      where u.dev_id = d.dev_id and u.day = (select max(day) from developer_usage m where m.dev_id = d.dev_id)) last
    where d.corp_id = ${corpId} and last.at is not null`.execute(db)
  return new Map(rows.map(({ devId, at }) => [devId, at]))
}

export async function pruneSecrets(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'developer_secret', sql`revoked_at < ${before}`, atMost)
}

export async function pruneUsage(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'developer_usage', sql`day < ${dayOf(before.getTime())}::date`, atMost)
}

/** Scopes of enabled developers of all corps that end between these moments, those that end together in one row. */
export async function scopesThatEnd(
  db: Db,
  after: Date,
  before: Date,
): Promise<{ corpId: string; devId: string; name: string; scopes: string[]; endsAt: Date }[]> {
  const { rows } = await sql<{ corpId: string; devId: string; name: string; scopes: string[]; endsAt: Date }>`
    select d.corp_id as "corpId", d.dev_id as "devId", d.name, array_agg(e.key order by e.key) as scopes,
      e.value::timestamptz as "endsAt"
    from developer d cross join jsonb_each_text(d.scope_ends) e
    where d.enabled and d.scope_ends <> '{}'
    group by d.dev_id, e.value having e.value::timestamptz > ${after} and e.value::timestamptz <= ${before}
    order by 5, 2`.execute(db)
  return rows
}

/** Whether any developer of the corp has a budget for SMS. */
export async function hasSmsBudget(db: Db, corpId: string): Promise<boolean> {
  const found = await db
    .selectFrom('developer')
    .select('dev_id')
    .where('corp_id', '=', corpId)
    .where('sms_budget', '>', 0)
    .executeTakeFirst()
  return found !== undefined
}
