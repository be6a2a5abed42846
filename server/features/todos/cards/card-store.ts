import { type RawBuilder, sql } from 'kysely'
import { enqueueFrom } from '../../../platform/queue/queue-store.ts'
import { notify } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { columns } from '../store.ts'
import type { Todo, TodoState } from '../todo.ts'

/** `moved`: somebody else has the to-do now. */
export type CardFace = TodoState | 'moved'

export type TodoCard = {
  todoId: number
  toId: number
  changeNo: number
  sends: number
  messageId: string | null
  shows: CardFace | null
}

/** A card with its to-do, and whether its person is to get one. */
export type DueCard = { card: TodoCard; todo: Todo; isWanted: boolean }

/**
 * Has the cards of these to-dos looked at, at the end of the transaction that changed them: a new one for whoever has an open to-do that
 * wants one, and those that were sent before.
 */
export async function markCards(tx: Db, corpId: string, todoIds: readonly number[], at: Date): Promise<void> {
  if (todoIds.length === 0) return
  await sql`
    with changed as (
      select t.id, t.holder_id, t.state = 'open' and ${wanted} as fresh
      from todo t left join todo_app_setting s on s.corp_id = t.corp_id and s.app_id = t.app_id
      where t.corp_id = ${corpId} and t.id = any(${[...todoIds]}::bigint[])
    ), made as (
      insert into todo_card (corp_id, todo_id, to_id, change_no, due_at)
      select ${corpId}, id, holder_id, 1, ${at}::timestamptz from changed where fresh order by id
      on conflict (corp_id, todo_id, to_id) do update set change_no = todo_card.change_no + 1, due_at = excluded.due_at
      returning todo_id
    ), known as (
      update todo_card c set change_no = c.change_no + 1, due_at = ${at} from changed
      where c.corp_id = ${corpId} and c.todo_id = changed.id and not (changed.fresh and c.to_id = changed.holder_id)
      returning c.todo_id
    ), task as (
      select ${corpId} as corp_id, 'todo-cards' as stream, '' as key
      where exists (select from made) or exists (select from known)
    ), due as (${enqueueFrom(sql`select * from task`, at, 0)})
    select ${notify('wisp_queue', sql`stream || ' ' || corp_id || ' ' || key`)} from task`.execute(tx)
}

/** Whether the person of to-do `t` is to get a card; `s` is what is set for its app. */
const wanted: RawBuilder<unknown> = sql`(t.notify or coalesce(s.notify, false))`

const cardColumns = sql`c.todo_id as "todoId", c.to_id as "toId", c.change_no as "changeNo", c.sends,
  c.message_id as "messageId", c.shows`

/** Returns the cards that are due, longest due first. */
export async function dueCards(db: Db, corpId: string, now: Date, limit: number): Promise<DueCard[]> {
  const { rows } = await sql<TodoCard>`
    select ${cardColumns} from todo_card c
    where c.corp_id = ${corpId} and c.due_at <= ${now} order by c.due_at, c.todo_id limit ${limit}`.execute(
    db,
  )
  return withTodos(db, corpId, rows)
}

async function withTodos(db: Db, corpId: string, cards: readonly TodoCard[]): Promise<DueCard[]> {
  if (cards.length === 0) return []
  const { rows } = await sql<Todo & { isWanted: boolean }>`
    select of.*, ${wanted} as "isWanted"
    from (select ${columns} from todo where corp_id = ${corpId} and id = any(${cards.map(one => one.todoId)}::bigint[])) of
      join todo t on t.corp_id = of."corpId" and t.id = of.id
      left join todo_app_setting s on s.corp_id = t.corp_id and s.app_id = t.app_id`.execute(db)
  const todos = new Map(rows.map(({ isWanted, ...todo }) => [todo.id, { todo, isWanted }]))
  return cards.flatMap(card => {
    const found = todos.get(card.todoId)
    return found ? [{ card, ...found }] : []
  })
}

/** What has become of a card: `dueAt` is when it is looked at again, null when it says what is true. */
export type SettledCard = Pick<TodoCard, 'shows' | 'sends' | 'messageId'> & { dueAt: Date | null }

/** What has changed since it was read is looked at once more. */
export async function putSettled(
  db: Db,
  corpId: string,
  { todoId, toId, changeNo }: TodoCard,
  { shows, sends, messageId, dueAt }: SettledCard,
  at: Date,
): Promise<void> {
  await sql`
    update todo_card set
      sent_at = case when sends < ${sends} then ${at}::timestamptz else sent_at end,
      shows = ${shows}, sends = ${sends}, message_id = ${messageId},
      due_at = case when change_no = ${changeNo} then ${dueAt}::timestamptz else ${at}::timestamptz end
    where corp_id = ${corpId} and todo_id = ${todoId} and to_id = ${toId}`.execute(db)
}

/** Notes what a card says since its person pressed it. */
export async function putShown(tx: Db, corpId: string, messageId: string, shows: CardFace): Promise<void> {
  await tx
    .updateTable('todo_card')
    .set({ shows })
    .where('corp_id', '=', corpId)
    .where('message_id', '=', messageId)
    .execute()
}

export async function nextDue(db: Db, corpId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(due_at) as at from todo_card where corp_id = ${corpId}`.execute(db)
  return rows[0]?.at ?? undefined
}

/** The to-do and the person of a card that was sent. */
export async function cardOfMessage(
  db: Db,
  corpId: string,
  messageId: string,
): Promise<{ todoId: number; toId: number } | undefined> {
  return db
    .selectFrom('todo_card')
    .select(['todo_id as todoId', 'to_id as toId'])
    .where('corp_id', '=', corpId)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
}
