import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Todo } from '../../todos/todo.ts'
import type { Names } from '../apply/change.ts'

export type AskedTodo = Pick<
  Todo,
  'id' | 'title' | 'sender' | 'priority' | 'createdAt' | 'pcUrl' | 'mobileUrl' | 'kind'
> & { names: Names }

export type TodoQuestion = {
  corpId: string
  sourceId: string
  memberIds: readonly number[]
  type: LandrayType
  /** All must be so. */
  names: Names
  /** Part of the title. */
  subject: string
  from: Date | undefined
  until: Date | undefined
}

/** -1 all that is done, 0 all that is open, 4 done, 5 read, 13 as 1 and 3. */
export const landrayTypes = ['-1', '0', '1', '2', '3', '4', '5', '13'] as const
export type LandrayType = (typeof landrayTypes)[number]

const ofType: Record<LandrayType, RawBuilder<unknown>> = {
  '-1': sql`t.state = 'done'`,
  '0': sql`t.state = 'open'`,
  '1': sql`t.state = 'open' and p.names ->> 'type' = '1'`,
  '2': sql`t.state = 'open' and p.names ->> 'type' = '2'`,
  '3': sql`t.state = 'open' and p.names ->> 'type' = '3'`,
  '4': sql`t.state = 'done' and t.kind = 'todo'`,
  '5': sql`t.state = 'done' and t.kind = 'read'`,
  '13': sql`t.state = 'open' and p.names ->> 'type' in ('1', '3')`,
}

function matching(question: TodoQuestion): RawBuilder<unknown> {
  const { corpId, sourceId, memberIds, type, names, subject, from, until } = question
  const like = `%${subject.replace(/[\\%_]/g, '\\$&')}%`
  return sql`todo t join todo_pushed p on p.corp_id = t.corp_id and p.todo_id = t.id
    where t.corp_id = ${corpId} and t.member_id = any(${[...memberIds]}::bigint[]) and p.source_id = ${sourceId}
      and ${ofType[type]} and p.names @> ${JSON.stringify(names)}::jsonb
      ${subject === '' ? sql`` : sql`and t.title ilike ${like}`}
      ${from === undefined ? sql`` : sql`and t.created_at >= ${from}`}
      ${until === undefined ? sql`` : sql`and t.created_at <= ${until}`}`
}

export async function askedTodos(
  db: Db,
  question: TodoQuestion,
  page: { limit: number; offset: number },
): Promise<AskedTodo[]> {
  const { rows } = await sql<AskedTodo>`
    select t.id, t.title, t.sender, t.priority, t.kind, t.created_at as "createdAt", t.pc_url as "pcUrl",
      t.mobile_url as "mobileUrl", p.names
    from ${matching(question)} order by t.created_at desc, t.id desc limit ${page.limit} offset ${page.offset}`.execute(
    db,
  )
  return rows
}

export async function countAsked(db: Db, question: TodoQuestion): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${matching(question)}`.execute(db)
  return rows[0]?.n ?? 0
}

/** As the sender named them: those who have an open to-do of these names. */
export async function receiversOf(
  db: Db,
  corpId: string,
  sourceId: string,
  which: { todoId: number } | { flow: string; names: Names },
): Promise<string[]> {
  const meant =
    'todoId' in which
      ? sql`(p.flow, p.names) in (select flow, names from todo_pushed
          where corp_id = ${corpId} and source_id = ${sourceId} and todo_id = ${which.todoId})`
      : sql`p.flow = ${which.flow} and p.names @> ${JSON.stringify(which.names)}::jsonb`
  const { rows } = await sql<{ receiver: string }>`
    select p.receiver from todo_pushed p join todo t on t.corp_id = p.corp_id and t.id = p.todo_id
    where p.corp_id = ${corpId} and p.source_id = ${sourceId} and t.state = 'open' and ${meant}
    order by p.todo_id limit 1000`.execute(db)
  return rows.map(row => row.receiver)
}
