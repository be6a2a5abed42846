import { createHash } from 'node:crypto'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import { PushRefused } from '../../../platform/http/upstream-push.ts'
import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { Accepted, Inbox } from '../../../platform/inbox/inbox.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import { type AgentPush, cardPressOf } from '../../../upstream/wecom/agent-push.ts'
import type { Opened } from './opened.ts'

type Needs = Core & { inbox: Inbox; offered: Offered }

/** What is answered to a push, as it is stored with it: the passive reply as plain XML. */
export type AgentAnswer = { xml?: string }

/**
 * Stores the push with its answer, once, and returns the answer that is stored: a repetition gets the first one again, whichever
 * node it reaches. Undefined for no answer.
 */
export async function takeIn(ctx: Needs, opened: Opened): Promise<string | undefined> {
  const event = eventOf(opened)
  const accepted = (await pressCard(ctx, opened, event)) ?? (await ctx.inbox.accept(event))
  if (accepted.outcome === 'reused') throw new PushRefused(409, 'its number was used for another push')
  return (accepted.answer as AgentAnswer | null | undefined)?.xml
}

/** Undefined for what is no press, and for cards that wisp did not send. */
async function pressCard(
  ctx: Needs,
  { callback, push }: Opened,
  event: NewEvent,
): Promise<Accepted | undefined> {
  const press = cardPressOf(push)
  if (!press) return undefined
  const { corpId, agentId } = callback
  const by = { userId: push.fromUserName, pressedAt: new Date(push.createTime * 1000) }
  return ctx.offered.cardPressed({ corpId, agentId, ...by, ...press }, event)
}

function eventOf({ callback, signature, raw, plain, push }: Opened): NewEvent {
  const { corpId, agentId } = callback
  return {
    ...{ corpId, stream: 'agent', account: String(agentId), raw, plain },
    kind: push.event ?? push.msgType,
    entity: entityOf(push),
    dedupeKey: `${agentId} ${deliveryOf(push, signature)}`,
    payloadHash: createHash('sha256').update(plain).digest('base64'),
  }
}

/** The unit within which pushes stay in order: a person, or the agent itself where nobody acted. */
export function entityOf({ fromUserName }: Pick<AgentPush, 'fromUserName'>): string {
  return fromUserName === '' || fromUserName === 'sys' ? 'agent' : `user:${userKey(fromUserName)}`
}

/** What all deliveries of one push share. WeCom repeats a push that was not answered to the byte. */
function deliveryOf(push: AgentPush, signature: string): string {
  if (push.msgId) return `message ${push.msgId}`
  const press = cardPressOf(push)
  return press ? `press ${press.responseCode}` : `signed ${signature}`
}
