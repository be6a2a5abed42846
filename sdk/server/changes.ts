import type { Calls } from './calls.ts'
import { FullReadNeededError } from './errors.ts'
import type { Department, DirectoryChangesOutput, MemberWithDepartments } from './generated/api.ts'
import type { EventData } from './generated/events.ts'
import { operations } from './generated/operations.ts'
import type { CallOptions } from './operation.ts'
import { wait } from './waiting.ts'

/** 标签及其中的成员和部门。· A tag with the members and departments in it. */
export type TagWithIds = EventData['directory.tag.put']['value']

type ChangeOf<Kind extends string, Value> =
  | { seq: number; kind: Kind; op: 'put'; id: string; value: Value }
  /** 成员 `oldId` 的账号改为 `id`。· The userid of the member changed from `oldId` to `id`. */
  | { seq: number; kind: Kind; op: 'rename'; id: string; oldId: string; value: Value }
  | { seq: number; kind: Kind; op: 'drop'; id: string }

/** 一项变更；`value` 是现在的内容，可能比这项变更更新。· A change; `value` is the present content, which may be newer than the change. */
export type Change =
  | ChangeOf<'member', MemberWithDepartments>
  | ChangeOf<'department', Department>
  | ChangeOf<'tag', TagWithIds>

export type ChangesOptions = CallOptions & {
  /** 从哪里继续：上次的 `next`；默认 0，从头读。· Position to continue from: the `next` of your previous read. Default 0 (from the beginning). */
  since?: number | undefined
  /** 每次请求的行数，默认 500，最多 1000。· Rows per request. Default 500, maximum 1000. */
  limit?: number | undefined
  /** 读完后是否继续等待新的变更，默认否。· Whether to keep waiting for new changes after the last one. Default false. */
  follow?: boolean | undefined
  /** `follow` 时两次请求的间隔，毫秒，默认 5000。· Pause between requests with `follow`, in ms. Default 5000. */
  intervalMs?: number | undefined
  /**
   * 变更不完整时调用：上次读取在 30 天之前，或数据范围变了。在其中全量读取，之后从 `next` 继续。没有它则抛出 FullReadNeededError。
   *
   * Called if changes are missing, because the previous read is more than 30 days ago or the data scope has changed. Read everything in it;
   * the feed then continues from `next`. If it is not given, the feed throws FullReadNeededError.
   */
  onFullReadNeeded?: ((next: number) => void | Promise<void>) | undefined
}

export type Changes = AsyncIterable<Change> & {
  /** 下次的 `since`；它之前的变更都已给出。· The `since` of your next read; all changes before it have been handed out. */
  readonly next: number
}

/** Creates the feed that `Wisp.changes` returns. */
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
