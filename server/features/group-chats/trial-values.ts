import { isThere } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { listChats } from './store.ts'

const lookedAtMost = 1000

/** The latest chat that the developer made, and two members whom a chat could have. */
export async function chatTrialValues(
  ctx: Core & { mirrors: Mirrors },
  developer: Caller,
): Promise<Record<string, unknown>> {
  const { corpId, devId } = developer
  if (!developer.scopes.has('chat:write')) return {}
  const { list } = await listChats(ctx.db, corpId, devId, { limit: 1, offset: 0 })
  const view = viewOf(ctx, developer)
  const chatUsers: string[] = []
  for (const core of Iterator.from(view.mirror.members.all()).take(lookedAtMost)) {
    if (visibleMember(view, core) && isThere(core)) chatUsers.push(core.userId)
    if (chatUsers.length === 2) break
  }
  const [chat] = list
  return {
    ...(chat ? { chatId: chat.id } : {}),
    ...(chatUsers.length === 2 ? { chatUsers } : {}),
  }
}
