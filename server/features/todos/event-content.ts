import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { fieldsOf } from '../../platform/http/wire.ts'
import { type EventContents, entriesOf, type NumberedEvent } from '../../platform/manifest/event-content.ts'
import { todoWires } from './api/todo-schema.ts'
import { peopleById } from './people-store.ts'
import { todosById } from './store.ts'

/** The contents of the events whose type begins with `todo.`. */
export async function readTodos(
  ctx: Core & { mirrors: Mirrors },
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type.startsWith('todo.'))
  if (own.length === 0) return []
  const view = viewOf(ctx, caller)
  const ids = [...new Set(own.map(row => Number(row.data['todoId'])))]
  const todos = await todosById(ctx.db, caller.corpId, ids)
  const wires = await todoWires(ctx, view, todos)
  const contents = new Map(todos.map((todo, at) => [todo.id, wires[at]]))
  const people = await peopleById(ctx.db, caller.corpId, movedIds(own))
  const userIdOf = (id: unknown) => people.find(one => one.id === Number(id))?.userId ?? ''
  return entriesOf(own, row => {
    const wire = contents.get(Number(row.data['todoId']))
    if (!wire) return undefined
    if (row.type !== 'todo.transferred') return { type: row.type, wire: fieldsOf(wire) }
    const [from, to] = [userIdOf(row.data['fromId']), userIdOf(row.data['toId'])]
    return { type: row.type, wire: fieldsOf({ ...wire, from, to }) }
  })
}

function movedIds(rows: readonly NumberedEvent[]): number[] {
  const moved = rows.filter(row => row.type === 'todo.transferred')
  return [...new Set(moved.flatMap(({ data }) => [Number(data['fromId']), Number(data['toId'])]))]
}
