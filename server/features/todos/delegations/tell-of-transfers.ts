import type { Db } from '../../../platform/storage/db.ts'
import type { Apps } from '../../apps/catalog.ts'
import { markCards } from '../cards/card-store.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import { tellOf } from '../tell-developers.ts'
import { markNumbers } from '../wecom-workbench/workbench-store.ts'
import type { HolderMove } from './holder-store.ts'

/** Tells the developers of the apps, and WeCom's workbench, of what changed hands, at the end of its transaction. */
export async function tellOfTransfers(
  tx: Db,
  ctx: { apps: Apps; todoSettings: TodoSettings },
  corpId: string,
  moved: readonly HolderMove[],
  at: Date,
): Promise<void> {
  if (moved.length === 0) return
  const shown = new Set(ctx.todoSettings.inWecom(corpId))
  const numbers = moved
    .filter(one => shown.has(one.appId))
    .flatMap(({ appId, fromId, toId }) => [fromId, toId].map(memberId => ({ appId, memberId })))
  await markNumbers(tx, corpId, numbers, at)
  await markCards(
    tx,
    corpId,
    moved.map(one => one.id),
    at,
  )
  const told = moved.map(({ id, appId, fromId, toId }) => ({
    id,
    appId,
    type: 'todo.transferred',
    more: { fromId, toId },
  }))
  await tellOf(tx, ctx, corpId, told, at)
}
