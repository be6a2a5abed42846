import type { Calls } from './calls.ts'
import { FullReadNeededError } from './errors.ts'
import type { Department, DirectoryChangesOutput, MemberWithDepartments } from './generated/api.ts'
import type { EventData } from './generated/events.ts'
import { operations } from './generated/operations.ts'
import type { CallOptions } from './operation.ts'
import { wait } from './waiting.ts'

/** A tag and who is in it. */
export type TagWithIds = EventData['directory.tag.put']['value']

type ChangeOf<Kind extends string, Value> =
  | { seq: number; kind: Kind; op: 'put'; id: string; value: Value }
  /** The member `oldId` is `id` from now on. */
  | { seq: number; kind: Kind; op: 'rename'; id: string; oldId: string; value: Value }
  | { seq: number; kind: Kind; op: 'drop'; id: string }

/** `value` is how it is now, which may be newer than the change. */
export type Change =
  | ChangeOf<'member', MemberWithDepartments>
  | ChangeOf<'department', Department>
  | ChangeOf<'tag', TagWithIds>

export type ChangesOptions = CallOptions & {
  /** `next` of the last time; 0, the default, at first. */
  since?: number | undefined
  /** Of one call; 500 by default, 1000 at most. */
  limit?: number | undefined
  /** Whether to go on asking once there is nothing new. */
  follow?: boolean | undefined
  /** How long to wait before asking again when following; 5000 by default. */
  intervalMs?: number | undefined
  /**
   * Called when changes are missing, because the last reading is more than 30 days ago or the data scope is another. When it is
   * done with reading everything, the feed continues with what changed since `next`. Without it the feed throws
   * FullReadNeededError.
   */
  onFullReadNeeded?: ((next: number) => void | Promise<void>) | undefined
}

export type Changes = AsyncIterable<Change> & {
  /** What to give as `since` next time: everything before has been handed out. */
  readonly next: number
}

export function changesFeed({ settings, call }: Calls, options: ChangesOptions = {}): Changes {
  const { since = 0, limit, follow = false, intervalMs = 5000, onFullReadNeeded, ...ofCalls } = options
  const signals = options.signal ? [...settings.signals, options.signal] : settings.signals
  let next = since

  async function* read(): AsyncGenerator<Change, void, undefined> {
    for (;;) {
      const answer = await call(operations['directory.changes'], { since: next, limit }, ofCalls)
      const page = answer as DirectoryChangesOutput
      if (page.resync) {
        if (!onFullReadNeeded) throw new FullReadNeededError(page.next)
        await onFullReadNeeded(page.next)
      }
      for (const change of page.list as Change[]) {
        next = change.seq
        yield change
      }
      next = page.next
      if (page.more) continue
      if (!follow) return
      await wait(intervalMs, signals)
    }
  }
  return {
    get next() {
      return next
    },
    [Symbol.asyncIterator]: read,
  }
}
