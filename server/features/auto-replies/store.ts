import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Tables } from '../../platform/storage/tables.ts'
import { type Owner, ownerColumns } from './conversation-owner.ts'
import type { Flow, NewFlow, Step } from './flows/flow.ts'
import type { FlowPosition } from './flows/walk.ts'
import type { Hours } from './hours.ts'
import type { NewRule, Rule } from './rule.ts'
import { againByDefault } from './rule-kinds.ts'

type RuleRow = Selectable<Tables['official_rule']>
type FlowRow = Selectable<Tables['official_flow']>

/** When and by whom something was changed last. */
export type LastChange = { updatedAt: Date; updatedBy: string }
export type StoredRule<Content> = Rule<Content> & LastChange
export type StoredFlow<Content> = Flow<Content> & LastChange

// The tables are named after official accounts, which had rules first.

/** Owners of one kind. */
export type Owners = 'accounts' | 'agents'
const columnOf = { accounts: 'original_id', agents: 'agent_id' } as const

/** Returns the rules of a corp, or of all. */
export async function allRules<Content>(
  db: Db,
  of: Owners,
  corpId?: string,
): Promise<(Owner & StoredRule<Content>)[]> {
  const rows = await db
    .selectFrom('official_rule')
    .selectAll()
    .where(columnOf[of], 'is not', null)
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('id')
    .execute()
  return rows.map(ruleOf<Content>)
}

export async function allFlows<Content>(
  db: Db,
  of: Owners,
  corpId?: string,
): Promise<(Owner & StoredFlow<Content>)[]> {
  const rows = await db
    .selectFrom('official_flow')
    .selectAll()
    .where(columnOf[of], 'is not', null)
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId as string))
    .orderBy('id')
    .execute()
  return rows.map(flowOf<Content>)
}

export async function rulesOf<Content>(
  db: Db,
  { corpId, ownerId }: Owner,
): Promise<(Owner & StoredRule<Content>)[]> {
  const rows = await db
    .selectFrom('official_rule')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .orderBy('id')
    .execute()
  return rows.map(ruleOf<Content>)
}

export async function flowsOf<Content>(db: Db, { corpId, ownerId }: Owner): Promise<StoredFlow<Content>[]> {
  const rows = await db
    .selectFrom('official_flow')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .orderBy('id')
    .execute()
  return rows.map(flowOf<Content>)
}

function ruleOf<Content>(row: RuleRow): Owner & StoredRule<Content> {
  return {
    corpId: row.corp_id,
    ownerId: row.owner_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    match: row.match,
    words: row.words,
    contents: row.contents as Content[],
    pick: row.pick,
    flowId: row.flow_id,
    priority: row.priority,
    hours: row.hours as Hours | null,
    enabled: row.enabled,
    again: row.again,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

function flowOf<Content>(row: FlowRow): Owner & StoredFlow<Content> {
  return {
    corpId: row.corp_id,
    ownerId: row.owner_id,
    id: row.id,
    name: row.name,
    steps: row.steps as Step<Content>[],
    minutes: row.minutes,
    timeoutText: row.timeout_text,
    enabled: row.enabled,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

type ChangeStamp = { at: Date; by: string }

function ruleColumns(rule: NewRule, { at, by }: ChangeStamp) {
  const { name, kind, match, words, contents, pick, flowId, priority, hours, enabled } = rule
  return {
    name,
    kind,
    again: rule.again ?? againByDefault,
    match,
    words,
    contents: JSON.stringify(contents),
    pick,
    flow_id: flowId,
    priority,
    hours: hours && JSON.stringify(hours),
    enabled,
    updated_at: at,
    updated_by: by,
  }
}

function flowColumns({ name, steps, minutes, timeoutText, enabled }: NewFlow, { at, by }: ChangeStamp) {
  return {
    name,
    steps: JSON.stringify(steps),
    minutes,
    timeout_text: timeoutText,
    enabled,
    updated_at: at,
    updated_by: by,
  }
}

/** Returns the ids, in the order of the rules. */
export async function insertRules(
  db: Db,
  owner: Owner,
  rules: readonly NewRule[],
  by: ChangeStamp,
): Promise<number[]> {
  const ids: number[] = []
  for (const rule of rules) {
    const { id } = await db
      .insertInto('official_rule')
      .values({ ...ownerColumns(owner), created_at: by.at, ...ruleColumns(rule, by) })
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.push(id)
  }
  return ids
}

export async function updateRule(
  db: Db,
  { corpId, ownerId }: Owner,
  { id, ...rule }: Rule,
  by: ChangeStamp,
): Promise<void> {
  await db
    .updateTable('official_rule')
    .set(ruleColumns(rule, by))
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

export async function deleteRule(db: Db, { corpId, ownerId }: Owner, id: number): Promise<void> {
  await db
    .deleteFrom('official_rule')
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

export async function insertFlow(db: Db, owner: Owner, flow: NewFlow, by: ChangeStamp): Promise<number> {
  const { id } = await db
    .insertInto('official_flow')
    .values({ ...ownerColumns(owner), created_at: by.at, ...flowColumns(flow, by) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function updateFlow(
  db: Db,
  { corpId, ownerId }: Owner,
  { id, ...flow }: Flow,
  by: ChangeStamp,
): Promise<void> {
  await db
    .updateTable('official_flow')
    .set(flowColumns(flow, by))
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

/** People who are in it are so no more. */
export async function deleteFlow(db: Db, { corpId, ownerId }: Owner, id: number): Promise<void> {
  await db
    .deleteFrom('official_flow')
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('id', '=', id)
    .execute()
}

/** Whom an owner talks with: an account with its followers, by openid; an agent with members, by userid. */
export type Person = Owner & { person: string }

/**
 * Until the transaction ends nobody else decides about this person, on whatever node. There may be no row yet that could be
 * locked.
 */
export async function lockPerson(tx: Db, { ownerId, person }: Person): Promise<void> {
  // Nodes of an earlier version take the same lock, so it keeps its name.
  const key = `official follower ${ownerId} ${person}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

export async function placeOf(
  tx: Db,
  { corpId, ownerId, person }: Person,
): Promise<FlowPosition | undefined> {
  return tx
    .selectFrom('official_flow_state')
    .select(['flow_id as flowId', 'step_id as stepId', 'taken', 'expires_at as expiresAt'])
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('openid', '=', person)
    .executeTakeFirst()
}

export async function putPlace(
  tx: Db,
  { corpId, ownerId, person }: Person,
  place: FlowPosition,
): Promise<void> {
  const { flowId, stepId, taken, expiresAt } = place
  // A flow that was deleted meanwhile on another node is over.
  await sql`
    insert into official_flow_state (corp_id, original_id, agent_id, openid, flow_id, step_id, taken, expires_at)
    select corp_id, original_id, agent_id, ${person}, id, ${stepId}, ${taken}, ${expiresAt}
    from official_flow where corp_id = ${corpId} and owner_id = ${ownerId} and id = ${flowId}
    for key share
    on conflict (corp_id, owner_id, openid) do update
      set flow_id = excluded.flow_id, step_id = excluded.step_id, taken = excluded.taken, expires_at = excluded.expires_at
    `.execute(tx)
}

const timedOut = ({ corpId, ownerId }: Owner) => sql`
  official_flow_state s join official_flow f
    on f.corp_id = s.corp_id and f.owner_id = s.owner_id and f.id = s.flow_id
  where s.corp_id = ${corpId} and s.owner_id = ${ownerId} and f.enabled and f.timeout_text <> ''`

/** People who have to be told that their time is up, those who wait longest first. */
export async function timedOutPlaces(
  db: Db,
  of: Owner,
  now: Date,
  limit: number,
): Promise<{ person: string; flowId: number; text: string }[]> {
  const { rows } = await sql<{ person: string; flowId: number; text: string }>`
    select s.openid as person, s.flow_id as "flowId", f.timeout_text as text from ${timedOut(of)} and s.expires_at <= ${now}
    order by s.expires_at limit ${limit}`.execute(db)
  return rows
}

export async function nextTimeOut(db: Db, of: Owner): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(s.expires_at) as at from ${timedOut(of)}`.execute(db)
  return rows[0]?.at ?? undefined
}

export async function deletePlace(tx: Db, { corpId, ownerId, person }: Person): Promise<void> {
  await tx
    .deleteFrom('official_flow_state')
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('openid', '=', person)
    .execute()
}

/** Of all owners. Whose time was up between a backup and its restore has most likely been told. */
export async function deleteEndedPlaces(db: Db, at: Date): Promise<void> {
  // A restore may end at the migrations of an earlier version.
  const { rows } = await sql<{ name: string | null }>`
    select to_regclass('official_flow_state')::text as name`.execute(db)
  if (rows[0]?.name == null) return
  await db.deleteFrom('official_flow_state').where('expires_at', '<=', at).execute()
}

export async function pruneFlowStates(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'official_flow_state', sql`expires_at < ${before}`, atMost)
}

export async function greetedAt(tx: Db, { corpId, ownerId, person }: Person): Promise<Date | undefined> {
  const row = await tx
    .selectFrom('reply_greeting')
    .select('greeted_at as at')
    .where('corp_id', '=', corpId)
    .where('owner_id', '=', ownerId)
    .where('person', '=', person)
    .executeTakeFirst()
  return row?.at
}

export async function putGreeting(tx: Db, { person, ...owner }: Person, at: Date): Promise<void> {
  await tx
    .insertInto('reply_greeting')
    .values({ ...ownerColumns(owner), person, greeted_at: at })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'owner_id', 'person']).doUpdateSet({ greeted_at: at }),
    )
    .execute()
}

export async function pruneGreetings(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'reply_greeting', sql`greeted_at < ${before}`, atMost)
}
