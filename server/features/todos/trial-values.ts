import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Apps } from '../apps/catalog.ts'
import { listTodos } from './store.ts'

/** A to-do of the developer's apps, to try calls with. */
export async function todoValues(
  ctx: Core & { apps: Apps },
  { corpId, devId, scopes }: Caller,
): Promise<Record<string, string>> {
  if (!scopes.has('todo:read')) return {}
  const appIds = ctx.apps.ofCorp(corpId).flatMap(app => (app.devId === devId ? [app.id] : []))
  const filter = {
    appIds,
    memberId: undefined,
    todoNo: undefined,
    kind: undefined,
    states: ['open', 'done', 'withdrawn'] as const,
    words: '',
  }
  const [todo] = await listTodos(ctx.db, corpId, filter, { limit: 1, offset: 0, order: 'newest' })
  return todo ? { todoNo: todo.todoNo } : {}
}
