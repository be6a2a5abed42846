import type { Db } from '../../../platform/storage/db.ts'
import { noteReading } from '../../todos/person/note-reading.ts'
import { writeTodos } from '../../todos/put-todos.ts'
import { lockTodos, type TodoRow } from '../../todos/store.ts'
import type { WritingTodos } from '../../todos/tell-of-todos.ts'
import type { Todo } from '../../todos/todo.ts'
import type { Source } from '../source.ts'
import { printOf } from '../unrecognised/keep.ts'
import type { Outcome, PutChange } from './change.ts'
import { type PushedTodo, pushedByTodo, putPushed } from './pushed-store.ts'

/** A receiver that the address book knows. */
export type Receiver = { value: string; memberId: number }

/** `arrivedAt` is when the push came, which is long ago for a replayed one; `at` is now. */
export type Arrival = { flow: string; arrivedAt: Date; at: Date }

/** A push to a flow that is being applied: the transaction that has locked the flow, the sender, and when the push came. */
export type FlowWork<S extends Source = Source> = { tx: Db; ctx: WritingTodos; source: S; arrival: Arrival }

/** The outcome for a receiver, and the to-do as it is now. */
export type PutResult = {
  outcome: Outcome
  todo: Pick<TodoRow, 'version' | 'createdAt' | 'state'> & { id: number }
}

/** Creates to-dos or brings them up to date, one for each of these receivers. */
export async function put(
  { tx, ctx, source, arrival }: FlowWork,
  change: PutChange,
  sender: string,
  receivers: readonly Receiver[],
): Promise<PutResult[]> {
  const { corpId, appId, id: sourceId } = source
  const keys = receivers.map(({ memberId }) => ({ appId, todoNo: change.todoNo, memberId }))
  const stored = new Map((await lockTodos(tx, corpId, keys)).map(todo => [todo.memberId, todo]))
  const pushed = await pushedByTodo(
    tx,
    corpId,
    sourceId,
    [...stored.values()].map(todo => todo.id),
  )
  const print = printOf('', [change.names, change.content])
  const written: PutResult[] = []
  for (const { value, memberId } of receivers) {
    const before = stored.get(memberId)
    const known = before && pushed.get(before.id)
    const refused = before && outcomeBefore(change, before, known, print, arrival)
    if (refused) {
      written.push({ outcome: refused, todo: before })
      continue
    }
    const row: TodoRow = {
      ...change.content,
      appId,
      todoNo: change.todoNo,
      memberId,
      sender,
      createdAt: change.content.createdAt ?? before?.createdAt ?? arrival.at,
    }
    const [[, result] = []] = await writeTodos(tx, ctx, corpId, [{ index: 0, row }], arrival.at)
    if (!result || result.result === 'refused') throw new Error('a to-do of a source was refused')
    const todoId = result.todo.id
    await putPushed(tx, corpId, sourceId, arrival.flow, [
      {
        todoId,
        names: change.names,
        receiver: value,
        pushedAt: arrival.arrivedAt,
        print: row.state === 'open' ? print : '',
      },
    ])
    if (change.isRead) await noteReading(tx, ctx, corpId, { id: todoId, appId }, arrival.at)
    written.push({ outcome: result.result, todo: { ...row, id: todoId } })
  }
  return written
}

/** The outcome of a push that changes nothing, undefined for one that does. */
function outcomeBefore(
  { isNew, content }: PutChange,
  before: Todo,
  known: PushedTodo | undefined,
  print: string,
  { arrivedAt }: Arrival,
): Outcome | undefined {
  if (isOlder(content.version, before, known, arrivedAt)) return 'stale'
  // A deletion of 泛微 has no time. A push that was sent before the deletion is not newer than the deleted to-do.
  const isOfDeleted = content.version !== null && content.version === before.version
  if (before.state === 'withdrawn' && isOfDeleted) return 'stale'
  // The very same words do not open a to-do again that has ended since: they are a repetition of the push.
  if (before.state !== 'open' && content.state === 'open' && known?.print === print)
    return isNew && before.state === 'done' ? 'exists' : 'same'
  return isNew && before.state !== 'withdrawn' ? 'exists' : undefined
}

/** Compares the sender's times or, if one is missing, the times of arrival (docs/upstream/oa-todos.md#order). */
export function isOlder(
  version: number | null,
  before: Pick<Todo, 'version' | 'changedAt'>,
  known: Pick<PushedTodo, 'pushedAt'> | undefined,
  arrivedAt: Date,
): boolean {
  if (version !== null && before.version !== null) return version < before.version
  return arrivedAt < (known?.pushedAt ?? before.changedAt)
}
