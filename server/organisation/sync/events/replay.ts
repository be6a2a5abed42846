import type { Core } from '../../../platform/core.ts'
import type { EventReplay } from '../../../platform/inbox/replay.ts'
import { wakeDirectory } from '../request.ts'

/** Replaying an event of the address book is harmless, because wisp asks WeCom for the current state again. */
export function directoryReplay(ctx: Core, actor: string, corpId: string): EventReplay {
  return {
    stream: 'directory',
    corpId,
    actor,
    act: 'sync.replay',
    wake: tx => wakeDirectory(ctx, tx, corpId),
  }
}
