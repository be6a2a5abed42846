/**
 * A chat is a row before WeCom is asked, and wisp chooses its chatid: so a creation whose answer was lost is asked for by that id, by the
 * call itself or by the task that was enqueued with the row.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { WecomChats } from '../../upstream/wecom/chats.ts'
import { WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import type { Reason } from '../channels/reason.ts'
import { keptReason } from '../channels/telling.ts'
import { agentOf } from '../channels/wecom/chat/deliver.ts'
import type { ChatReason } from '../channels/wecom/chat/reasons.ts'
import { outcomeOf } from '../channels/wecom/outcome.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps }

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    /** The key '' looks at changes of the address book; other keys are chats. */
    'group-chats': true
  }
}

/** Lets the chat be compared with what it follows. */
export function enqueueChat(tx: Db, { corpId, id }: store.ChatKey, at: Date): Promise<void> {
  return enqueue(tx, [{ corpId, stream: 'group-chats', key: id }], at)
}

/** WeCom says so of a chatid that is there. */
const chatExists = 86215
const givenUpAfterMs = 86_400_000

/** `open`: it is not known whether WeCom has it, and the task asks again. */
export type Creation = { kind: 'ready' | 'open' } | { kind: 'refused'; reason: Reason }

/** `isFirst`: nobody has asked WeCom for it yet. */
export async function create(ctx: Needs, chat: store.ChatRow, isFirst: boolean): Promise<Creation> {
  const agent = agentOf(ctx.corps.get(chat.corpId), chat)
  if (!agent) {
    const reason: ChatReason = { code: 'wecomAgentGone', agentId: chat.agentId }
    return { kind: 'refused', reason }
  }
  const made = await make(agent.messenger.chats, chat, isFirst)
  if (made.kind === 'ready') await putReady(ctx, chat)
  return made
}

async function make(chats: WecomChats, chat: store.ChatRow, isFirst: boolean): Promise<Creation> {
  const { id: chatId, name, owner, wanted } = chat
  const known = isFirst ? false : await isThere(chats, chatId)
  if (known !== false) return { kind: known ? 'ready' : 'open' }
  try {
    await chats.create({ chatId, name, owner: owner ?? undefined, userIds: wanted ?? [] })
    return { kind: 'ready' }
  } catch (error) {
    const outcome = outcomeOf(error)
    const found = mayBeThere(error) ? await isThere(chats, chatId) : false
    if (found !== false) return { kind: found ? 'ready' : 'open' }
    return outcome.kind === 'refused' ? { kind: 'refused', reason: outcome.reason } : { kind: 'open' }
  }
}

/** Undefined where WeCom does not say: a question that is refused, as for an address that it does not know, tells nothing of the chat. */
async function isThere(chats: WecomChats, chatId: string): Promise<boolean | undefined> {
  try {
    return (await chats.get(chatId)) !== undefined
  } catch (error) {
    outcomeOf(error)
    return undefined
  }
}

const mayBeThere = (error: unknown) =>
  (error instanceof WecomError && error.errcode === chatExists) ||
  (error instanceof WecomUnavailable && error.ambiguous)

async function putReady(ctx: Needs, chat: store.ChatRow): Promise<void> {
  const { corpId, follow } = chat
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.updateChat(tx, chat, { state: 'ready', ...(follow ? { followedAt: at } : {}) })
    // The address book may have changed since its members were read.
    if (follow) await enqueueChat(tx, chat, at)
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Settles a creation that was left open; returns when to look again. */
export async function settleCreation(ctx: Needs, chat: store.ChatRow): Promise<Date | undefined> {
  const done = await create(ctx, chat, false)
  if (done.kind === 'ready') return undefined
  const age = ctx.now() - chat.createdAt.getTime()
  const unclear: ChatReason = { code: 'chatUnclear' }
  if (done.kind === 'open' && age < givenUpAfterMs)
    return new Date(ctx.now() + Math.max(30_000, Math.min(age / 4, 1_800_000)))
  const reason = done.kind === 'refused' ? done.reason : unclear
  await ctx.db.transaction().execute(async tx => {
    await store.updateChat(tx, chat, { state: 'failed', problem: keptReason(reason) })
  })
  return undefined
}
