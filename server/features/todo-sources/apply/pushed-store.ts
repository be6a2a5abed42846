import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Names } from './change.ts'

/** What the sender calls a to-do. */
export type PushedTodo = {
  todoId: number
  names: Names
  receiver: string
  /** Hash of what last opened it. */
  print: string
  pushedAt: Date
}

/**
 * Pushes about the same to-dos are applied one after the other, on all nodes: that of a to-do which is not there yet has no row to
 * lock. In the same order everywhere, so that two batches cannot wait for each other.
 */
export async function lockFlows(
  tx: Db,
  corpId: string,
  sourceId: string,
  flows: readonly string[],
): Promise<void> {
  for (const flow of [...new Set(flows)].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`todo_pushed ${corpId} ${sourceId} ${flow}`}, 0))`.execute(
      tx,
    )
}

export async function pushedOfFlow(
  db: Db,
  corpId: string,
  sourceId: string,
  flow: string,
): Promise<PushedTodo[]> {
  return db
    .selectFrom('todo_pushed')
    .select(['todo_id as todoId', 'names', 'receiver', 'print', 'pushed_at as pushedAt'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('flow', '=', flow)
    .orderBy('todo_id')
    .execute()
}

/** Returns pushed rows by the ids of to-dos. */
export async function pushedByTodo(
  db: Db,
  corpId: string,
  sourceId: string,
  todoIds: readonly number[],
): Promise<Map<number, PushedTodo & { flow: string }>> {
  if (todoIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('todo_pushed')
    .select(['todo_id as todoId', 'names', 'receiver', 'print', 'pushed_at as pushedAt', 'flow'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('todo_id', 'in', [...todoIds])
    .execute()
  return new Map(rows.map(row => [row.todoId, row]))
}

/** An empty `print` keeps the one before. */
export async function putPushed(
  tx: Db,
  corpId: string,
  sourceId: string,
  flow: string,
  rows: readonly PushedTodo[],
): Promise<void> {
  const values = rows.map(({ pushedAt, ...row }) => ({ ...row, pushedAt: pushedAt.toISOString() }))
  await sql`
    insert into todo_pushed as t (corp_id, todo_id, source_id, flow, names, receiver, print, pushed_at)
    select ${corpId}, "todoId", ${sourceId}, ${flow}, names, receiver, print, "pushedAt"
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as row("todoId" bigint, names jsonb, receiver text, print text, "pushedAt" timestamptz)
    on conflict (corp_id, todo_id) do update set source_id = excluded.source_id, flow = excluded.flow,
      names = excluded.names, receiver = excluded.receiver, pushed_at = excluded.pushed_at,
      print = case when excluded.print = '' then t.print else excluded.print end`.execute(tx)
}
