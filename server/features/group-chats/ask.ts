import type { Agent, Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told, wordsOfOthers } from '../../platform/http/told.ts'
import type { ChatInfo } from '../../upstream/wecom/chats.ts'
import { Refusal, wordsOf } from '../channels/telling.ts'
import { agentOf } from '../channels/wecom/chat/deliver.ts'
import type { ChatReason } from '../channels/wecom/chat/reasons.ts'
import { roomFor } from '../channels/wecom/chat/room.ts'
import { outcomeOf } from '../channels/wecom/outcome.ts'
import { stepsTo } from './steps.ts'
import type { ChatRow } from './store.ts'

/** The limit of changes is reached until then (ms). */
export class ChangesLater extends Error {
  readonly at: number
  constructor(at: number) {
    super('the limit of changes to group chats is reached')
    this.at = at
  }
}

/** Throws 1008 when the corp does not have the chat's agent any more. */
export function chatAgent({ corps }: { corps: Corps }, chat: Pick<ChatRow, 'corpId' | 'agentId'>): Agent {
  const agent = agentOf(corps.get(chat.corpId), chat)
  if (!agent) throw new Refusal({ code: 'wecomAgentGone', agentId: chat.agentId } satisfies ChatReason)
  return agent
}

/**
 * Puts what WeCom answered into an error of the call: 1008 for a refusal, 1010 for a limit, 1011 where it is silent; a change may have
 * worked then, and may be made again.
 */
export async function answered<T>(ctx: Pick<Core, 'now'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ChangesLater) throw tooMany(ctx, error.at)
    if (error instanceof ApiError) throw error
    const outcome = outcomeOf(error)
    if (outcome.kind === 'refused') throw new Refusal(outcome.reason)
    if (outcome.kind === 'again' && outcome.afterMs) throw tooMany(ctx, ctx.now() + outcome.afterMs)
    throw new ApiError('upstream', wordsOfOthers(wordsOf('reason' in outcome ? outcome.reason : '')))
  }
}

export function tooMany(ctx: Pick<Core, 'now'>, at: number): ApiError {
  const seconds = Math.max(1, Math.ceil((at - ctx.now()) / 1000))
  return new ApiError(
    'tooManyRequests',
    {
      zh: told`达到企业微信创建或修改群聊的频率上限，${own(seconds)} 秒后再试`,
      en: told`WeCom's limit of making or changing group chats is reached: try again in ${own(seconds)} seconds`,
    },
    { retryAfterSeconds: seconds },
  )
}

/** Changes the chat step by step, within WeCom's limit of changes. Throws what WeCom answers, and ChangesLater. */
export async function makeSteps(
  ctx: Core,
  agent: Agent,
  { corpId, id }: Pick<ChatRow, 'corpId' | 'id'>,
  steps: ReturnType<typeof stepsTo>,
): Promise<void> {
  for (const step of steps) {
    const at = await ctx.db.transaction().execute(tx => roomFor(ctx, tx, corpId, 'changes'))
    if (at !== undefined) throw new ChangesLater(at)
    await agent.messenger.chats.update(id, step)
  }
}

/** Makes these the chat's members. Throws what `makeSteps` throws. */
export async function matchMembers(
  ctx: Core,
  agent: Agent,
  chat: Pick<ChatRow, 'corpId' | 'id' | 'owner'>,
  info: ChatInfo,
  userIds: readonly string[],
): Promise<void> {
  await makeSteps(ctx, agent, chat, stepsTo(info, userIds, chat.owner))
}
