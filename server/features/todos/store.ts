import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { keptPlan } from '../../platform/storage/ways/kept-plans.ts'
import type { Todo, TodoContent, TodoKey, TodoKind, TodoState } from './todo.ts'

export const columns = sql`corp_id as "corpId", id, app_id as "appId", todo_no as "todoNo", member_id as "memberId",
  holder_id as "holderId", kind, state,
  title, pc_url as "pcUrl", mobile_url as "mobileUrl", sender, process, step, content, priority, due_at as "dueAt",
  finish_by as "finishBy", notify, version, created_at as "createdAt", changed_at as "changedAt", read_at as "readAt",
  ended_at as "endedAt"`

/** A to-do as it is written; `createdAt` is filled in. */
export type TodoRow = TodoKey & TodoContent & { createdAt: Date }

/** All transactions lock in this order, so that two of them cannot deadlock. */
const inOrder = sql`order by app_id, todo_no, member_id`

/** Locks those of these that are there. */
export async function lockTodos(tx: Db, corpId: string, keys: readonly TodoKey[]): Promise<Todo[]> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo
    where corp_id = ${corpId} and (app_id, todo_no, member_id) in (
      select "appId", "todoNo", "memberId" from ${keyRows(keys)})
    ${inOrder} for update`.execute(tx)
  return rows
}

function keyRows(keys: readonly TodoKey[]): RawBuilder<unknown> {
  const rows = keys.map(({ appId, todoNo, memberId }) => ({ appId, todoNo, memberId }))
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as wanted("appId" text, "todoNo" text, "memberId" bigint)`
}

function contentRows(rows: readonly TodoRow[]): RawBuilder<unknown> {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("appId" text, "todoNo" text, "memberId" bigint,
    kind text, state text, title text, "pcUrl" text, "mobileUrl" text, sender text, process text, step text, content text,
    priority smallint, "dueAt" timestamptz, "finishBy" text, notify boolean, version bigint, "createdAt" timestamptz)`
}

/**
 * When a row that is written now is looked at first (reminders/moments.ts): at once when its time is over already, else at the first
 * moment after now that its app's settings name.
 */
function firstCare(at: Date): RawBuilder<unknown> {
  return sql`case when row.state <> 'open' then null when row."dueAt" <= ${at} then row."dueAt" else (
    select min(row."dueAt" + make_interval(mins => m))
    from unnest(array[0] || coalesce(setting.remind_minutes, '{}') || setting.escalate_minutes) m
    where row."dueAt" + make_interval(mins => m) > ${at}) end`
}

function withSettings(corpId: string): RawBuilder<unknown> {
  return sql`left join todo_app_setting setting on setting.corp_id = ${corpId} and setting.app_id = row."appId"`
}

/** Inserts those that are not there, and returns them. */
export async function insertTodos(
  tx: Db,
  corpId: string,
  rows: readonly TodoRow[],
  at: Date,
): Promise<Todo[]> {
  const made = await sql<Todo>`
    insert into todo (corp_id, app_id, todo_no, member_id, kind, state, title, pc_url, mobile_url, sender, process, step,
      content, priority, due_at, finish_by, notify, version, created_at, changed_at, ended_at, care_at)
    select ${corpId}, "appId", "todoNo", "memberId", kind, state, title, "pcUrl", "mobileUrl", sender, process, step, content,
      priority, "dueAt", "finishBy", row.notify, version, "createdAt", ${at}::timestamptz,
      case when state = 'open' then null else ${at}::timestamptz end, ${firstCare(at)}
    from ${contentRows(rows)} ${withSettings(corpId)} order by "appId", "todoNo", "memberId"
    on conflict (corp_id, app_id, todo_no, member_id) do nothing returning ${columns}`.execute(tx)
  return made.rows
}

/** Overwrites what is locked. What is opened again has not been read. */
export async function updateTodos(tx: Db, corpId: string, rows: readonly TodoRow[], at: Date): Promise<void> {
  await sql`
    update todo t set kind = row.kind, state = row.state, title = row.title, pc_url = row."pcUrl",
      mobile_url = row."mobileUrl", sender = row.sender, process = row.process, step = row.step, content = row.content,
      priority = row.priority, due_at = row."dueAt", finish_by = row."finishBy", notify = row.notify,
      version = coalesce(row.version, t.version), created_at = row."createdAt", changed_at = ${at},
      read_at = case when row.state = 'open' and t.state <> 'open' then null else t.read_at end,
      ended_at = case when row.state = 'open' then null when t.state = row.state then t.ended_at else ${at}::timestamptz end,
      care_at = case when row.state = 'open' and t.state = 'open' and t.due_at is not distinct from row."dueAt" then t.care_at
        else ${firstCare(at)} end
    from ${contentRows(rows)} ${withSettings(corpId)}
    where t.corp_id = ${corpId} and t.app_id = row."appId" and t.todo_no = row."todoNo" and t.member_id = row."memberId"`.execute(
    tx,
  )
}

/** Of what is locked and says nothing new but its time, so that it was not changed. */
export async function noteVersions(tx: Db, corpId: string, rows: readonly TodoRow[]): Promise<void> {
  await sql`
    update todo t set version = row.version from ${contentRows(rows)}
    where t.corp_id = ${corpId} and t.app_id = row."appId" and t.todo_no = row."todoNo" and t.member_id = row."memberId"`.execute(
    tx,
  )
}

export type TodoSelector = { appId: string; todoNo?: string; memberId?: number }

/** Locks an app's to-dos of a number, or of a person. */
export async function lockOf(
  tx: Db,
  corpId: string,
  { appId, todoNo, memberId }: TodoSelector,
): Promise<Todo[]> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo
    where corp_id = ${corpId} and app_id = ${appId} ${todoNo === undefined ? sql`` : sql`and todo_no = ${todoNo}`}
      ${memberId === undefined ? sql`` : sql`and member_id = ${memberId}`}
    ${inOrder} for update`.execute(tx)
  return rows
}

/** Locks, at once, an app's to-dos of a person that are open or have one of these numbers. */
export async function lockOpenOrNamed(
  tx: Db,
  corpId: string,
  { appId, memberId }: Omit<TodoKey, 'todoNo'>,
  todoNos: readonly string[],
): Promise<Todo[]> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo
    where corp_id = ${corpId} and member_id = ${memberId} and app_id = ${appId}
      and (state = 'open' or todo_no = any(${[...todoNos]}::text[]))
    ${inOrder} for update`.execute(tx)
  return rows
}

export async function endTodos(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  state: 'done' | 'withdrawn',
  at: Date,
): Promise<void> {
  await sql`
    update todo set state = ${state}, changed_at = ${at}, ended_at = ${at}, care_at = null
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(tx)
}

export async function findTodo(db: Db, corpId: string, id: number): Promise<Todo | undefined> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo where corp_id = ${corpId} and id = ${id}`.execute(db)
  return rows[0]
}

export async function todosById(db: Db, corpId: string, ids: readonly number[]): Promise<Todo[]> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(db)
  return rows
}

/** Locks the rows in the order in which all writers lock them, and returns them. */
export async function lockById(tx: Db, corpId: string, ids: readonly number[]): Promise<Todo[]> {
  const { rows } = await sql<Todo>`
    select ${columns} from todo where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])
    ${inOrder} for update`.execute(tx)
  return rows
}

/** Notes the first reading. Returns whether it was the first. */
export async function noteRead(tx: Db, corpId: string, id: number, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update todo set read_at = ${at} where corp_id = ${corpId} and id = ${id} and read_at is null returning 1`.execute(
    tx,
  )
  return rows.length > 0
}

export type TodoFilter = {
  appIds: readonly string[] | undefined
  memberId: number | undefined
  /** Who has it now. */
  holderId?: number
  todoNo: string | undefined
  kind: TodoKind | undefined
  states: readonly TodoState[]
  /** Part of the title, process, sender or number. */
  words: string
}

/** Of a single value PostgreSQL reads the index in its order, and makes no plan for the length of the list. */
function isOneOf(column: string, values: readonly string[]): RawBuilder<unknown> {
  const name = sql.ref(column)
  return values.length === 1 ? sql`${name} = ${values[0]}` : sql`${name} = any(${[...values]}::text[])`
}

function matching(corpId: string, filter: TodoFilter): RawBuilder<unknown> {
  const { appIds, memberId, holderId, todoNo, kind, states, words } = filter
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  return sql`corp_id = ${corpId} and ${isOneOf('state', states)}
    ${appIds === undefined ? sql`` : sql`and ${isOneOf('app_id', appIds)}`}
    ${memberId === undefined ? sql`` : sql`and member_id = ${memberId}`}
    ${holderId === undefined ? sql`` : sql`and holder_id = ${holderId}`}
    ${todoNo === undefined ? sql`` : sql`and todo_no = ${todoNo}`}
    ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
    ${words === '' ? sql`` : sql`and (title ilike ${like} or process ilike ${like} or sender ilike ${like} or todo_no ilike ${like})`}`
}

/** `newest` by the sender's time; `due`: what is due first comes first, what is never due last. */
export type TodoOrder = 'newest' | 'due'

export async function listTodos(
  db: Db,
  corpId: string,
  filter: TodoFilter,
  page: { limit: number; offset: number; order: TodoOrder },
): Promise<Todo[]> {
  const order =
    page.order === 'due' ? sql`due_at nulls last, created_at desc, id desc` : sql`created_at desc, id desc`
  const { rows } = await sql<Todo>`
    select ${columns} from todo where ${matching(corpId, filter)}
    order by ${order} limit ${page.limit} offset ${page.offset}`.execute(db)
  return rows
}

/** What a person's list shows of a to-do; times in ms, which are read many times faster than timestamps. */
export type ShownTodo = Omit<
  Todo,
  | 'corpId'
  | 'todoNo'
  | 'pcUrl'
  | 'mobileUrl'
  | 'version'
  | 'changedAt'
  | 'dueAt'
  | 'createdAt'
  | 'readAt'
  | 'endedAt'
> & { dueAt: number | null; createdAt: number; readAt: number | null; endedAt: number | null }

/** `date_part` reckons with doubles, ten times as fast as `extract` with numerics; they are exact to a ms. */
const inMs = (column: string) => sql`round(date_part('epoch', ${sql.ref(column)}) * 1000)`

/** How many open ones somebody has, of an app and a kind. */
export type OpenCount = { appId: string; kind: TodoKind; count: number }

function openCounts(corpId: string, holderId: number): RawBuilder<OpenCount> {
  return sql<OpenCount>`
    select app_id as "appId", kind, count(*)::int as count from todo
    where corp_id = ${corpId} and holder_id = ${holderId} and state = 'open' group by app_id, kind`
}

/** What somebody's page shows: the to-dos of the filter, and how many are open without it. */
export async function listHeld(
  db: Db,
  corpId: string,
  filter: TodoFilter & { holderId: number },
  page: { limit: number; offset: number; order: TodoOrder },
): Promise<{ todos: ShownTodo[]; counts: OpenCount[] }> {
  const order =
    page.order === 'due' ? sql`due_at nulls last, created_at desc, id desc` : sql`created_at desc, id desc`
  const { rows } = await sql<ShownTodo & { counts: string }>`${filter.words === '' ? keptPlan : sql``}
    select id, app_id as "appId", member_id as "memberId", holder_id as "holderId", kind, state, title, sender, process, step,
      content, priority, finish_by as "finishBy", ${inMs('due_at')} as "dueAt", ${inMs('created_at')} as "createdAt",
      ${inMs('read_at')} as "readAt", ${inMs('ended_at')} as "endedAt",
      (select coalesce(json_agg(one), '[]')::text from (${openCounts(corpId, filter.holderId)}) one) as counts
    from todo where ${matching(corpId, filter)}
    order by ${order} limit ${page.limit} offset ${page.offset}`.execute(db)
  const [first] = rows
  const counts = first
    ? (JSON.parse(first.counts) as OpenCount[])
    : await countOpenOf(db, corpId, filter.holderId)
  return { todos: rows, counts }
}

export async function countTodos(db: Db, corpId: string, filter: TodoFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from todo where ${matching(corpId, filter)}`.execute(db)
  return rows[0]?.n ?? 0
}

export async function countOpenOf(db: Db, corpId: string, holderId: number): Promise<OpenCount[]> {
  const { rows } = await sql<OpenCount>`${keptPlan} ${openCounts(corpId, holderId)}`.execute(db)
  return rows
}

/** Open ones too: what nobody has touched for so long is nobody's work any more. */
export async function pruneTodos(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'todo', sql`old.changed_at < ${before}`, 'changed_at', atMost)
}

/** Returns who has these to-dos, by app. */
export async function holdersOf(
  tx: Db,
  corpId: string,
  ids: readonly number[],
): Promise<{ appId: string; memberId: number }[]> {
  const { rows } = await sql<{ appId: string; memberId: number }>`
    select distinct app_id as "appId", holder_id as "memberId" from todo
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(tx)
  return rows
}
