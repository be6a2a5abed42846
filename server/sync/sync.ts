import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import type { Database } from '../storage/database.ts'
import type { Inbox } from './events/inbox.ts'
import { startWorker, type Worker } from './worker/worker.ts'

/** Keeps every corp's mirror equal to WeCom. */
export type Sync = {
  start(): Promise<void>
  kick(corpId: string): void
  /** Resolves when nothing is left to do for the corp on this node. */
  drain(corpId: string): Promise<void>
  stop(): Promise<void>
}

export function createSync(
  ctx: Core & { corps: Corps; database: Database; inbox: Inbox; mirrors: Mirrors },
): Sync {
  const workers = new Map<string, Worker>()
  let isStopped = false

  function watch() {
    if (isStopped) return
    for (const { corpId } of ctx.corps.all()) {
      if (!workers.has(corpId)) workers.set(corpId, startWorker(ctx, corpId))
    }
  }

  function kick(corpId: string) {
    watch()
    workers.get(corpId)?.kick()
  }

  return {
    kick,
    async start() {
      const kickAll = () => {
        for (const { corpId } of ctx.corps.all()) kick(corpId)
      }
      await ctx.bus.listen('wisp_inbox', kick, kickAll)
      await ctx.bus.listen('wisp_sync', kick, kickAll)
      watch()
    },
    async drain(corpId) {
      for (;;) {
        const worker = workers.get(corpId)
        if (await worker?.isIdle()) return
        worker?.kick()
        await new Promise(resolve => setTimeout(resolve, 15))
      }
    },
    async stop() {
      isStopped = true
      await Promise.all([...workers.values()].map(worker => worker.stop()))
    },
  }
}
