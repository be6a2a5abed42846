import type { Core } from '../../../platform/core.ts'
import { createAwaited, type PolledNumbers } from '../../../platform/http/waiting/awaited.ts'

/** The revisions of accounts' conversations, for open pages that wait for another one. Keys: revision-store.ts, and who waits. */
export type ConversationRevisions = PolledNumbers

export async function createTalk(ctx: Core): Promise<ConversationRevisions> {
  const talk = createAwaited(ctx)
  await ctx.bus.listen('wisp_conversation', talk.changedBelow, talk.changedForAll)
  return talk
}
