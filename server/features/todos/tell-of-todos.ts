import type { Db } from '../../platform/storage/db.ts'
import type { Apps } from '../apps/catalog.ts'
import { tellDevelopers } from '../events/outbox-store.ts'
import type { TodoState } from './todo.ts'

/** What a to-do was and became; `from` is undefined for a new one. */
export type Became = { id: number; appId: string; from: TodoState | undefined; to: TodoState }

const typeOf = { open: 'todo.opened', done: 'todo.done', withdrawn: 'todo.withdrawn' } as const

/** Tells the developers of the apps, at the end of the transaction that changed them. */
export async function tellOfTodos(
  tx: Db,
  ctx: { apps: Apps },
  corpId: string,
  became: readonly Became[],
  at: Date,
): Promise<void> {
  const moved = became.filter(one => one.from !== one.to)
  await tellOf(
    tx,
    ctx,
    corpId,
    moved.map(({ id, appId, to }) => ({ id, appId, type: typeOf[to] })),
    at,
  )
}

export async function tellOfReading(
  tx: Db,
  ctx: { apps: Apps },
  corpId: string,
  { id, appId }: { id: number; appId: string },
  at: Date,
): Promise<void> {
  await tellOf(tx, ctx, corpId, [{ id, appId, type: 'todo.read' }], at)
}

async function tellOf(
  tx: Db,
  { apps }: { apps: Apps },
  corpId: string,
  told: readonly { id: number; appId: string; type: string }[],
  at: Date,
): Promise<void> {
  const events = told.flatMap(({ id, appId, type }) => {
    const devId = apps.find(appId)?.devId
    if (!devId) return []
    const entity = `todo:${id}`
    return [{ corpId, devId, type, scope: 'todo:read' as const, entity, data: { todoId: id } }]
  })
  await tellDevelopers(tx, events, at)
}
