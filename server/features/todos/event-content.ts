import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { fieldsOf } from '../../platform/http/wire.ts'
import { type EventContents, entriesOf, type NumberedEvent } from '../../platform/manifest/event-content.ts'
import { todoWire } from './api/todo-schema.ts'
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
  const contents = new Map<number, string>()
  for (const todo of await todosById(ctx.db, caller.corpId, ids)) {
    const wire = todoWire(view, todo)
    if (wire) contents.set(todo.id, fieldsOf(wire))
  }
  return entriesOf(own, row => {
    const wire = contents.get(Number(row.data['todoId']))
    return wire === undefined ? undefined : { type: row.type, wire }
  })
}
