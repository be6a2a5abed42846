import { sql } from 'kysely'
import { enqueueFrom } from '../../../platform/queue/queue-store.ts'
import { notify } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** WeCom takes ten numbers of a person and application a minute (docs/upstream/wecom-office.md#workbench). */
const apartSeconds = 6

/** Whose number an app shows has changed: it is told as soon as WeCom takes it, once for however many changes there are. */
export async function markNumbers(
  tx: Db,
  corpId: string,
  changed: readonly { appId: string; memberId: number }[],
  at: Date,
): Promise<void> {
  if (changed.length === 0) return
  const rows = JSON.stringify(changed.map(({ appId, memberId }) => ({ appId, memberId })))
  await sql`
    with put as (
      insert into todo_workbench (corp_id, app_id, member_id, change_no, changed_at, due_at)
      select distinct ${corpId}, "appId", "memberId", 1, ${at}::timestamptz, ${at}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as row("appId" text, "memberId" bigint) order by 2, 3
      on conflict (corp_id, app_id, member_id) do update set change_no = todo_workbench.change_no + 1,
        changed_at = excluded.changed_at,
        due_at = coalesce(todo_workbench.due_at,
          greatest(excluded.due_at, todo_workbench.sent_at + make_interval(secs => ${apartSeconds})))
      returning app_id, due_at
    ), task as (
      select ${corpId} as corp_id, 'todo-workbench' as stream, app_id as key, min(due_at) as due_at from put group by app_id order by 3
    ), due as (${enqueueFrom(sql`select * from task`, sql`task.due_at`, 0)})
    select ${notify('wisp_queue', sql`stream || ' ' || corp_id || ' ' || key`)} from task`.execute(tx)
}

/** Everybody who has something open in the app. */
export async function markEverybody(tx: Db, corpId: string, appId: string, at: Date): Promise<void> {
  await sql`
    insert into todo_workbench (corp_id, app_id, member_id, change_no, changed_at, due_at)
    select distinct corp_id, app_id, holder_id, 1, ${at}::timestamptz, ${at}::timestamptz
    from todo where corp_id = ${corpId} and app_id = ${appId} and state = 'open' order by 3
    on conflict (corp_id, app_id, member_id) do update set change_no = todo_workbench.change_no + 1,
      changed_at = excluded.changed_at, due_at = coalesce(todo_workbench.due_at, excluded.due_at)`.execute(tx)
}

export type PlaceOnWorkbench = { agentId: number | null; templateAt: Date | null; failure: string | null }

export async function placeOf(db: Db, corpId: string, appId: string): Promise<PlaceOnWorkbench | undefined> {
  return db
    .selectFrom('todo_workbench_app')
    .select(['agent_id as agentId', 'template_at as templateAt', 'failure'])
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .executeTakeFirst()
}

export async function putPlace(
  db: Db,
  corpId: string,
  appId: string,
  place: PlaceOnWorkbench & { triedAt: Date | null },
): Promise<void> {
  const row = {
    agent_id: place.agentId,
    template_at: place.templateAt,
    failure: place.failure,
    tried_at: place.triedAt,
  }
  await db
    .insertInto('todo_workbench_app')
    .values({ corp_id: corpId, app_id: appId, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'app_id']).doUpdateSet(row))
    .execute()
}

/** Forgets the app's place and numbers. */
export async function deletePlace(db: Db, corpId: string, appId: string): Promise<void> {
  await sql`
    with numbers as (delete from todo_workbench where corp_id = ${corpId} and app_id = ${appId})
    delete from todo_workbench_app where corp_id = ${corpId} and app_id = ${appId}`.execute(db)
}

/** Whether the app's setting wants it now. */
export async function isWanted(db: Db, corpId: string, appId: string): Promise<boolean> {
  const row = await db
    .selectFrom('todo_app_setting')
    .select('in_wecom as inWecom')
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .executeTakeFirst()
  return row?.inWecom === true
}

export type DueNumber = { memberId: number; changeNo: number; todo: number; read: number }

/** Numbers that WeCom can be told now, as they are at this moment. */
export async function dueNumbers(
  db: Db,
  corpId: string,
  appId: string,
  now: Date,
  limit: number,
): Promise<DueNumber[]> {
  const { rows } = await sql<DueNumber>`
    select w.member_id as "memberId", w.change_no as "changeNo", n.todo, n.read
    from (
      select * from todo_workbench
      where corp_id = ${corpId} and app_id = ${appId} and due_at <= ${now} order by due_at limit ${limit}) w
      cross join lateral (
        select count(*) filter (where kind = 'todo')::int as todo, count(*) filter (where kind = 'read')::int as read
        from todo where corp_id = w.corp_id and holder_id = w.member_id and app_id = w.app_id and state = 'open') n`.execute(
    db,
  )
  return rows
}

/** `count` is undefined where WeCom was not told. What has changed since it was read is told again, when WeCom takes it. */
export async function noteTold(
  db: Db,
  corpId: string,
  appId: string,
  { memberId, changeNo }: DueNumber,
  told: { at: Date; count: number | undefined; againAt: Date | undefined },
): Promise<void> {
  await sql`
    update todo_workbench set
      sent_at = ${told.count === undefined ? sql`sent_at` : told.at},
      sent_count = ${told.count === undefined ? sql`sent_count` : told.count},
      due_at = case when change_no = ${changeNo} then ${told.againAt ?? null}::timestamptz
        else ${told.at}::timestamptz + make_interval(secs => ${apartSeconds}) end
    where corp_id = ${corpId} and app_id = ${appId} and member_id = ${memberId}`.execute(db)
}

export async function nextDue(db: Db, corpId: string, appId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(due_at) as at from todo_workbench where corp_id = ${corpId} and app_id = ${appId}`.execute(db)
  return rows[0]?.at ?? undefined
}

export async function pruneNumbers(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'todo_workbench', sql`old.changed_at < ${before}`, 'changed_at', atMost)
}
