import type { Core } from '../../platform/core.ts'
import { inboxState } from '../../platform/inbox/event-store.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { taskState } from '../../platform/queue/queue-store.ts'
import type { WecomRoom } from '../corps/clients/wecom-room.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { openRun } from './runs/run-store.ts'
import { createTouched, type ReadTimes } from './touched.ts'
import { workOnDirectory } from './work.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    directory: true
  }
}

/** Keeps every corp's mirror equal to WeCom's address book. */
export type Sync = {
  /** Resolves when no work is left for the corp's address book on any node. */
  drain(corpId: string): Promise<void>
}

/** How many corps' address books one node works on at once; each makes up to sixteen calls to WeCom at a time. */
const corpsAtOnce = 16
const drainLookMs = 15

export function createSync(
  ctx: Core & { offered: FeatureOffers } & {
    corps: Corps
    inbox: Inbox
    mirrors: Mirrors
    queue: Queue
    wecomRoom: WecomRoom
  },
): Sync {
  const touched = new Map<string, ReadTimes>()
  ctx.queue.handle({
    name: 'directory',
    atOnce: corpsAtOnce,
    room: ctx.wecomRoom,
    isBackground: true,
    work: held => workOnDirectory(ctx, held, touched.getOrInsertComputed(held.corpId, createTouched)),
  })

  async function isDone(corpId: string): Promise<boolean> {
    const task = await taskState(ctx.db, { corpId, stream: 'directory', key: '' })
    if (task && (task.nodeId !== null || task.dueAt.getTime() <= ctx.now())) return false
    const { pending } = await inboxState(ctx.db, corpId, 'directory')
    return pending === 0 && !ctx.queue.isBusy(corpId) && (await openRun(ctx.db, corpId)) === undefined
  }

  return {
    async drain(corpId) {
      while (!(await isDone(corpId))) {
        ctx.queue.kick(corpId)
        await new Promise(resolve => setTimeout(resolve, drainLookMs))
      }
    },
  }
}
