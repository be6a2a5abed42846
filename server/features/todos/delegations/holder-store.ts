import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** Open to-dos of an app that are somebody's, and who has them. */
export type TodoHolder = { appId: string; ownerId: number; holderId: number }

/** Whose they are for good. */
const owner = sql`coalesce(passed_to, member_id)`

/** Everything open that somebody has for somebody else, or that one of these people has. */
export async function heldOrWith(
  db: Db,
  corpId: string,
  holderIds: readonly number[],
): Promise<TodoHolder[]> {
  const { rows } = await sql<TodoHolder>`
    select app_id as "appId", ${owner} as "ownerId", holder_id as "holderId" from todo
    where corp_id = ${corpId} and held_by is not null and state = 'open'
    union
    select app_id, ${owner}, holder_id from todo
    where corp_id = ${corpId} and holder_id = any(${[...holderIds]}::bigint[]) and state = 'open'`.execute(db)
  return rows
}

/** The same of some to-dos alone. */
export async function heldOf(tx: Db, corpId: string, ids: readonly number[]): Promise<TodoHolder[]> {
  const { rows } = await sql<TodoHolder>`
    select distinct app_id as "appId", ${owner} as "ownerId", holder_id as "holderId" from todo
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[]) and state = 'open'`.execute(tx)
  return rows
}

export type HolderMove = { id: number; appId: string; fromId: number; toId: number }

/** Open ones of this app, owner and holder, or some of them, get another holder. */
export async function moveHeld(
  tx: Db,
  corpId: string,
  { appId, ownerId, holderId }: TodoHolder,
  toId: number,
  ids: readonly number[] | undefined,
): Promise<HolderMove[]> {
  const heldBy = toId === ownerId ? null : toId
  return moved(
    tx,
    sql`held_by = ${heldBy}`,
    sql`corp_id = ${corpId} and app_id = ${appId} and holder_id = ${holderId} and state = 'open' and ${owner} = ${ownerId}
      ${ids === undefined ? sql`` : sql`and id = any(${[...ids]}::bigint[])`}`,
  )
}

/** All that is somebody's and open in these apps becomes another's for good. */
export async function passOn(
  tx: Db,
  corpId: string,
  { fromId, toId, appIds }: { fromId: number; toId: number; appIds: readonly string[] },
): Promise<HolderMove[]> {
  // Whom the sender means gets back what is theirs.
  const to = sql`passed_to = nullif(${toId}::bigint, member_id), held_by = null`
  const which = sql`corp_id = ${corpId} and app_id = any(${[...appIds]}::text[]) and state = 'open'`
  return moved(
    tx,
    to,
    sql`${which} and (member_id = ${fromId} and passed_to is null or passed_to = ${fromId})`,
  )
}

/** One person under two ids: under the first they left, under the second they came back. */
export type Returner = { oldId: number; newId: number }

/**
 * What these people had open when they left, and nobody has taken over, is theirs again: they are its person, by whom its sender finds it.
 * Where the sender has put the same one for the new member already, the old one is merely theirs. Without `appIds` in all apps.
 */
export async function giveBack(
  tx: Db,
  corpId: string,
  returners: readonly Returner[],
  appIds?: readonly string[],
): Promise<HolderMove[]> {
  if (returners.length === 0) return []
  const which = sql`t.corp_id = ${corpId} and t.state = 'open'
    ${appIds === undefined ? sql`` : sql`and t.app_id = any(${[...appIds]}::text[])`}`
  const { rows } = await sql<HolderMove>`
    with back as (
      select * from jsonb_to_recordset(${JSON.stringify(returners)}::jsonb) as row ("oldId" bigint, "newId" bigint)),
    locked as (
      select t.id, t.app_id, t.todo_no, t.holder_id, back."newId", back."oldId", t.passed_to is null as "isFirst" from back
        join todo t on ${which} and t.member_id = back."oldId" and t.passed_to is null
      order by t.app_id, t.todo_no, t.member_id for update of t),
    passed as (
      select t.id, t.app_id, t.todo_no, t.holder_id, back."newId", back."oldId", false as "isFirst" from back
        join todo t on ${which} and t.passed_to = back."oldId"
      order by t.app_id, t.todo_no, t.member_id for update of t),
    chosen as (
      select one.*, one."isFirst" and not exists (select from todo put
          where put.corp_id = ${corpId} and put.app_id = one.app_id and put.todo_no = one.todo_no and put.member_id = one."newId")
        and row_number() over (partition by one.app_id, one.todo_no, one."newId", one."isFirst" order by one."oldId" desc) = 1
        as "becomesPerson"
      from (select * from locked union all select * from passed) one)
    update todo t set held_by = null,
      member_id = case when chosen."becomesPerson" then chosen."newId" else t.member_id end,
      passed_to = case when chosen."becomesPerson" then null else nullif(chosen."newId", t.member_id) end
    from chosen where t.corp_id = ${corpId} and t.id = chosen.id
    returning t.id, t.app_id as "appId", chosen.holder_id as "fromId", t.holder_id as "toId"`.execute(tx)
  return rows.filter(one => one.fromId !== one.toId)
}

async function moved(tx: Db, set: RawBuilder<unknown>, which: RawBuilder<unknown>): Promise<HolderMove[]> {
  const { rows } = await sql<HolderMove>`
    with locked as (
      select corp_id, id, holder_id from todo where ${which} order by app_id, todo_no, member_id for update)
    update todo t set ${set} from locked where t.corp_id = locked.corp_id and t.id = locked.id
    returning t.id, t.app_id as "appId", locked.holder_id as "fromId", t.holder_id as "toId"`.execute(tx)
  return rows.filter(one => one.fromId !== one.toId)
}

export type OwnedCount = { ownerId: number; appId: string; count: number }

/** How many of theirs are open, by person and app; the app with most comes first. */
export async function countOwned(db: Db, corpId: string, ownerIds: readonly number[]): Promise<OwnedCount[]> {
  if (ownerIds.length === 0) return []
  const ids = sql`any(${[...ownerIds]}::bigint[])`
  const { rows } = await sql<OwnedCount>`
    select ${owner} as "ownerId", app_id as "appId", count(*)::int as count from todo
    where corp_id = ${corpId} and state = 'open' and (member_id = ${ids} and passed_to is null or passed_to = ${ids})
    group by 1, 2 order by 3 desc, 2`.execute(db)
  return rows
}

export type Leaver = { id: number; userId: string; name: string; leftAt: Date | null; count: number }

/** Returns leavers, and these persons, who have open to-dos; who left last comes first. */
export async function leaversWithTodos(
  db: Db,
  corpId: string,
  alsoIds: readonly number[],
  limit: number,
): Promise<Leaver[]> {
  const { rows } = await sql<Leaver>`
    select m.id, m.user_id as "userId", m.name, m.left_at as "leftAt",
      (select count(*)::int from todo t where t.corp_id = m.corp_id and t.holder_id = m.id and t.state = 'open') as count
    from member m
    where m.corp_id = ${corpId} and (m.left_at is not null or m.id = any(${[...alsoIds]}::bigint[]))
      and exists (select from todo t where t.corp_id = m.corp_id and t.holder_id = m.id and t.state = 'open')
    order by m.left_at desc nulls first, m.id limit ${limit}`.execute(db)
  return rows
}
