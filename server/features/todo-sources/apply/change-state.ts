import type { Db } from '../../../platform/storage/db.ts'
import { writeTodos } from '../../todos/put-todos.ts'
import { todosById } from '../../todos/store.ts'
import type { Todo } from '../../todos/todo.ts'
import type { Source } from '../source.ts'
import type { Names, Outcome, StateChange } from './change.ts'
import { type PushedTodo, pushedOfFlow, putPushed } from './pushed-store.ts'
import { type FlowWork, isOlder, type Receiver } from './put.ts'

export type StateChangeResult = {
  outcomes: Outcome[]
  /** Receivers who have no such to-do in any state. */
  absent: Receiver[]
  /** Nobody has such a to-do. */
  isNowhere: boolean
}

type FoundTodo = { pushed: PushedTodo; todo: Todo }

/** Changes the to-dos that the change names, of these receivers. */
export async function changeState(
  work: FlowWork,
  change: StateChange,
  receivers: readonly Receiver[] | 'all',
): Promise<StateChangeResult> {
  const { tx, source, arrival } = work
  const named = await foundOf(tx, source, change.names, arrival.flow)
  const found =
    named.length > 0 || !change.orNames ? named : await foundOf(tx, source, change.orNames, arrival.flow)
  const absent: Receiver[] = []
  const meant: FoundTodo[] = []
  if (receivers === 'all') meant.push(...found)
  else
    for (const receiver of receivers) {
      const own = found.filter(({ todo }) => todo.memberId === receiver.memberId)
      if (own.length === 0) absent.push(receiver)
      meant.push(...own)
    }
  const there = meant.filter(({ todo }) => !(change.forgetsWithdrawn && todo.state === 'withdrawn'))
  const outcomes: Outcome[] = there.length === 0 ? ['absent'] : []
  for (const one of there) outcomes.push(await changeOne(work, change, one))
  return { outcomes, absent, isNowhere: meant.length === 0 }
}

async function foundOf(tx: Db, { corpId, id }: Source, names: Names, flow: string): Promise<FoundTodo[]> {
  const pushed = (await pushedOfFlow(tx, corpId, id, flow)).filter(one => isMeant(names, one.names))
  const todos = new Map(
    (
      await todosById(
        tx,
        corpId,
        pushed.map(one => one.todoId),
      )
    ).map(todo => [todo.id, todo]),
  )
  return pushed.flatMap(one => {
    const todo = todos.get(one.todoId)
    return todo ? [{ pushed: one, todo }] : []
  })
}

/** Whether a to-do has all of these names. */
export function isMeant(names: Names, ofTodo: Names): boolean {
  return Object.entries(names).every(([name, value]) => (ofTodo[name] ?? '') === value)
}

export async function changeOne(
  { tx, ctx, source, arrival }: FlowWork,
  { state, content, version, renamed, isOfOpen }: StateChange,
  { pushed, todo }: FoundTodo,
): Promise<Outcome> {
  const { corpId, id } = source
  const { flow, arrivedAt, at } = arrival
  if (isOfOpen && todo.state !== 'open') return 'same'
  if (isOlder(version, todo, pushed, arrivedAt)) return 'stale'
  const row = { ...todo, ...content, state: state ?? todo.state, version, createdAt: todo.createdAt }
  const [[, result] = []] = await writeTodos(tx, ctx, corpId, [{ index: 0, row }], at)
  if (!result || result.result === 'refused') throw new Error('a to-do of a source was refused')
  const names = { ...pushed.names, ...renamed }
  await putPushed(tx, corpId, id, flow, [{ ...pushed, names, print: '', pushedAt: arrivedAt }])
  return result.result
}
