import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { listChats } from './store.ts'

/** The latest chat that the developer made. */
export async function chatTrialValues(ctx: Core, { corpId, devId }: Caller): Promise<{ chatId?: string }> {
  const { list } = await listChats(ctx.db, corpId, devId, { limit: 1, offset: 0 })
  const [chat] = list
  return chat ? { chatId: chat.id } : {}
}
