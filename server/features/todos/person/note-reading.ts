import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Apps } from '../../apps/catalog.ts'
import { noteRead } from '../store.ts'
import { tellOfReading } from '../tell-of-todos.ts'
import type { Todo } from '../todo.ts'

/** Notes that its person has read a to-do, and tells of it the first time. */
export async function noteReading(
  tx: Db,
  ctx: Core & { apps: Apps },
  corpId: string,
  todo: Pick<Todo, 'id' | 'appId'>,
  at: Date,
): Promise<void> {
  if (await noteRead(tx, corpId, todo.id, at)) await tellOfReading(tx, ctx, corpId, todo, at)
}
