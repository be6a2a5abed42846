import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Apps } from '../apps/catalog.ts'
import { markCards } from './cards/card-store.ts'
import { settleWritten } from './delegations/settle-holders.ts'
import type { TodoSettings } from './settings/catalog.ts'
import { holdersOf } from './store.ts'
import { tellOf } from './tell-developers.ts'
import type { TodoState } from './todo.ts'
import { markNumbers } from './wecom-workbench/workbench-store.ts'

/** What a to-do was and became; `from` is undefined for a new one. `notify`: its sender wants a card for it. */
export type TodoTransition = {
  id: number
  appId: string
  from: TodoState | undefined
  to: TodoState
  notify?: boolean
}

/** What writing to-dos takes. */
export type WritingTodos = Core & { apps: Apps; mirrors: Mirrors; todoSettings: TodoSettings }

const typeOf = { open: 'todo.opened', done: 'todo.done', withdrawn: 'todo.withdrawn' } as const

/**
 * Tells the developers of the apps, and WeCom's workbench, at the end of the transaction that changed them. What was opened goes to
 * whoever it is delegated to.
 */
export async function tellOfTodos(
  tx: Db,
  ctx: WritingTodos,
  corpId: string,
  became: readonly TodoTransition[],
  at: Date,
): Promise<void> {
  const moved = became.filter(one => one.from !== one.to)
  const shown = new Set(ctx.todoSettings.inWecom(corpId))
  const counted = moved.filter(one => shown.has(one.appId)).map(one => one.id)
  if (counted.length > 0) await markNumbers(tx, corpId, await holdersOf(tx, corpId, counted), at)
  await tellOf(
    tx,
    ctx,
    corpId,
    moved.map(({ id, appId, to }) => ({ id, appId, type: typeOf[to] })),
    at,
  )
  const opened = moved.filter(one => one.to === 'open').map(one => one.id)
  await settleWritten(tx, ctx, corpId, opened, at)
  await markCards(
    tx,
    corpId,
    became.filter(one => mayHaveCard(ctx, one)).map(one => one.id),
    at,
  )
}

/** Most to-dos have no card: only what wants one, or has ended and may have had one, is looked at. */
function mayHaveCard({ todoSettings }: WritingTodos, { appId, from, to, notify }: TodoTransition): boolean {
  return notify === true || todoSettings.of(appId).notify || (from !== undefined && from !== to)
}

/** Once for each time that a to-do's due time passes while it is open. */
export async function tellOfOverdue(
  tx: Db,
  ctx: { apps: Apps },
  corpId: string,
  todos: readonly { id: number; appId: string }[],
  at: Date,
): Promise<void> {
  const told = todos.map(({ id, appId }) => ({ id, appId, type: 'todo.overdue' }))
  await tellOf(tx, ctx, corpId, told, at)
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
