import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Todo, TodoKind, TodoState } from '../todo.ts'

/** A to-do as administrators see it: no addresses and no content. */
export type ListedTodo = Pick<
  Todo,
  | 'id'
  | 'appId'
  | 'todoNo'
  | 'memberId'
  | 'holderId'
  | 'kind'
  | 'state'
  | 'title'
  | 'sender'
  | 'process'
  | 'step'
  | 'priority'
  | 'dueAt'
  | 'createdAt'
  | 'readAt'
  | 'endedAt'
>

export type ConsoleFilter = {
  appId: string | undefined
  /** Which source sent it (features/todo-sources). */
  sourceId?: string | undefined
  /** Who has it. */
  holderId: number | undefined
  kind: TodoKind | undefined
  /** Those in one of these, or that are `overdueAt`; undefined: all, unless `overdueAt` is given. */
  states: readonly TodoState[] | undefined
  /** Open, and its time is over at this moment. */
  overdueAt: Date | undefined
  /** Part of title, process, sender or number. */
  words: string
}

const sortable = { createdAt: sql`created_at`, dueAt: sql`due_at` }
export type ConsoleSort = { field: keyof typeof sortable; descending: boolean }

/** What indexes do not answer is looked for among so many of the newest, so that no list holds up those who write. */
export const lookedAtMost = 20_000

const columns = sql`id, app_id as "appId", todo_no as "todoNo", member_id as "memberId", holder_id as "holderId", kind, state,
  title, sender, process, step, priority, due_at as "dueAt", created_at as "createdAt", read_at as "readAt", ended_at as "endedAt"`

/** What indexes answer. */
function cheap(corpId: string, filter: ConsoleFilter): RawBuilder<unknown> {
  const { appId, sourceId, holderId, kind, states = [], overdueAt } = filter
  const wanted = [
    ...(states.length > 0 ? [sql`state = any(${states}::text[])`] : []),
    ...(overdueAt === undefined ? [] : [sql`(state = 'open' and due_at < ${overdueAt})`]),
  ]
  return sql`corp_id = ${corpId}
    ${appId === undefined ? sql`` : sql`and app_id = ${appId}`}
    ${
      sourceId === undefined
        ? sql``
        : sql`and exists (select from todo_pushed p
            where p.corp_id = todo.corp_id and p.todo_id = todo.id and p.source_id = ${sourceId})`
    }
    ${holderId === undefined ? sql`` : sql`and holder_id = ${holderId}`}
    ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
    ${wanted.length === 0 ? sql`` : sql`and (${sql.join(wanted, sql` or `)})`}`
}

function dear(words: string): RawBuilder<unknown> {
  if (words === '') return sql`true`
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  return sql`(title ilike ${like} or process ilike ${like} or sender ilike ${like} or todo_no ilike ${like})`
}

/** Of those that are due, the ones that wait longest come first. */
function candidateOrder(filter: ConsoleFilter): RawBuilder<unknown> {
  const isOnlyOverdue = filter.overdueAt !== undefined && !filter.states?.length
  return isOnlyOverdue ? sql`due_at, id` : sql`created_at desc, id desc`
}

/** `isWhole` is false when there are more that were not looked at. */
export async function listForConsole(
  db: Db,
  corpId: string,
  filter: ConsoleFilter,
  sort: ConsoleSort,
  page: { limit: number; offset: number },
): Promise<{ rows: ListedTodo[]; total: number; isWhole: boolean }> {
  const order = sql`${sortable[sort.field]} ${sort.descending ? sql`desc nulls last` : sql`asc nulls last`}, id`
  const { rows } = await sql<ListedTodo & { total: number; looked: number }>`
    with recent as (
      select * from todo where ${cheap(corpId, filter)} order by ${candidateOrder(filter)} limit ${lookedAtMost}),
    hits as (select * from recent where ${dear(filter.words)}),
    page as (select * from hits order by ${order} limit ${page.limit} offset ${page.offset})
    select counted.total, counted.looked, shown.*
    from (select (select count(*)::int from hits) as total, (select count(*)::int from recent) as looked) counted
      left join lateral (select ${columns} from page) shown on true
    order by ${sort.field === 'createdAt' ? sql`"createdAt"` : sql`"dueAt"`}
      ${sort.descending ? sql`desc nulls last` : sql`asc nulls last`}, id`.execute(db)
  const { total = 0, looked = 0 } = rows[0] ?? {}
  return { rows: rows.filter(row => row.id !== null), total, isWhole: looked < lookedAtMost }
}

const chunk = 1000

/** All that fit, the newest first, a thousand at a time. */
export async function* allForConsole(
  db: Db,
  corpId: string,
  filter: ConsoleFilter,
): AsyncGenerator<ListedTodo[]> {
  let after = sql`true`
  for (;;) {
    const { rows } = await sql<ListedTodo & { fits: boolean }>`
      select ${columns}, ${dear(filter.words)} as fits from todo where ${cheap(corpId, filter)} and ${after}
      order by created_at desc, id desc limit ${chunk}`.execute(db)
    yield rows.filter(row => row.fits)
    const last = rows.at(-1)
    if (last === undefined || rows.length < chunk) return
    after = sql`(created_at, id) < (${last.createdAt}, ${last.id})`
  }
}

/** How many are open and how many of those are overdue, for each of these apps. */
export async function countByApp(
  db: Db,
  corpId: string,
  appIds: readonly string[],
  now: Date,
): Promise<{ appId: string; open: number; overdue: number }[]> {
  if (appIds.length === 0) return []
  const { rows } = await sql<{ appId: string; open: number; overdue: number }>`
    select app_id as "appId", count(*)::int as open, count(*) filter (where due_at < ${now})::int as overdue
    from todo where corp_id = ${corpId} and app_id = any(${[...appIds]}::text[]) and state = 'open' group by app_id`.execute(
    db,
  )
  return rows
}
