import type { Core } from '../../../platform/core.ts'
import { type Awaited, createAwaited } from '../../../platform/http/waiting/awaited.ts'

/** The revisions of accounts' conversations, for open pages that wait for another one. Keys: revision-store.ts, and who waits. */
export type Talk = Awaited

export async function createTalk(ctx: Core): Promise<Talk> {
  const talk = createAwaited(ctx)
  await ctx.bus.listen('wisp_conversation', talk.changedBelow, talk.changedForAll)
  return talk
}
