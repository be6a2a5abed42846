import type { Db } from '../../platform/storage/db.ts'
import type { Apps } from '../apps/catalog.ts'
import { type NewEvent, tellDevelopers } from '../events/outbox-store.ts'

export type ToldTodo = { id: number; appId: string; type: string; more?: object }

/** Tells the developers of the apps. Call it at the end of the transaction that makes it true. */
export async function tellOf(
  tx: Db,
  { apps }: { apps: Apps },
  corpId: string,
  told: readonly ToldTodo[],
  at: Date,
): Promise<void> {
  const events = told.flatMap(({ id, appId, type, more }): NewEvent[] => {
    const devId = apps.find(appId)?.devId
    if (!devId) return []
    const entity = `todo:${id}`
    return [{ corpId, devId, type, scope: 'todo:read', entity, data: { todoId: id, ...more } }]
  })
  await tellDevelopers(tx, events, at)
}
