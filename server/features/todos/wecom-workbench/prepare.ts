import type { Core } from '../../../platform/core.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import * as store from './workbench-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'todo-workbench': true
  }
}

/** When the setting is switched on, everybody's number is told after the template; when it is switched off, the template goes. */
export async function prepareWorkbench(
  tx: Db,
  ctx: Core,
  corpId: string,
  appId: string,
  isOn: boolean,
): Promise<void> {
  const at = new Date(ctx.now())
  if (isOn) {
    const known = await store.placeOf(tx, corpId, appId)
    if (!known)
      await store.putPlace(tx, corpId, appId, {
        agentId: null,
        templateAt: null,
        failure: null,
        triedAt: null,
      })
    await store.markEverybody(tx, corpId, appId, at)
  }
  await enqueue(tx, [{ corpId, stream: 'todo-workbench', key: appId }], at)
}
