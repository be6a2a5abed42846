import { createHash } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOpen } from '../../../organisation/corps/suspension/check-open.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import { PushRefused } from '../../../platform/http/upstream-push.ts'
import { beginPart, putParts } from '../../../platform/inbox/answer-store.ts'
import { deliveryStored, type NewEvent } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult, Inbox } from '../../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type AgentPush, cardPressOf } from '../../../upstream/wecom/agent-push.ts'
import { type ForwardReply, forwardPush } from '../forward/forward-push.ts'
import { noteForward } from '../forward/note-forward.ts'
import type { ProvedPush } from '../opened.ts'
import type { AgentReplies } from '../replies/agent-rules.ts'
import { type AgentAnswer, ownCardKinds } from '../replies/answer.ts'
import { answerByRules } from '../replies/answers.ts'

type Needs = Core & {
  agentReplies: AgentReplies
  corps: Corps
  inbox: Inbox
  offered: FeatureOffers
  outbound: Outbound
}

/**
 * Stores the push, and returns what is answered to it: a repetition gets what was stored with the first delivery, whichever node it
 * reaches. Undefined for no answer.
 */
export async function takeIn(ctx: Needs, opened: ProvedPush): Promise<string | undefined> {
  const event = eventOf(opened)
  const pressed = await pressCard(ctx, opened, event)
  if (pressed) return replyOf(checkOnce(pressed))
  // While the corp is suspended, what agents hear is stored and nobody is answered.
  if (!isOpen(ctx, event.corpId)) return replyOf(checkOnce(await ctx.inbox.accept(event)))
  const ruled = await answerByRules(ctx, opened, event)
  const accepted = checkOnce(ruled ?? (await ctx.inbox.accept(event)))
  // A rule answers before the other system does, which hears of the push all the same.
  const isRuled = (accepted.answer as AgentAnswer | null | undefined)?.by !== undefined
  return opened.callback.forwardTo ? passOn(ctx, opened, event, isRuled) : replyOf(accepted)
}

function replyOf({ answer }: { answer: unknown }): string | undefined {
  return (answer as AgentAnswer | null | undefined)?.xml
}

function checkOnce(accepted: AcceptResult): AcceptResult {
  if (accepted.outcome === 'reused') throw new PushRefused(409, 'its number was used for another push')
  return accepted
}

/** Undefined for what is no press, and for cards that wisp did not send. */
async function pressCard(
  ctx: Needs,
  { callback, push }: ProvedPush,
  event: NewEvent,
): Promise<AcceptResult | undefined> {
  const press = cardPressOf(push)
  if (!press) return undefined
  const { corpId, agentId } = callback
  const by = { userId: push.fromUserName, pressedAt: new Date(push.createTime * 1000) }
  const own = { ...event, kind: press.isMenu ? ownCardKinds.menu : ownCardKinds.press }
  return ctx.offered.cardPressed({ corpId, agentId, ...by, ...press }, own)
}

/**
 * Passes the stored push on, once, whichever of its deliveries comes first to that. The other system's reply takes the place of the
 * answer that was stored, unless a rule has answered.
 */
async function passOn(
  ctx: Needs,
  opened: ProvedPush,
  event: NewEvent,
  isRuled: boolean,
): Promise<string | undefined> {
  const { callback } = opened
  const { forwardTo } = callback
  if (forwardTo && (await beginPart(ctx.db, event, 'forwarded', new Date(ctx.now())))) {
    const { xml, ...said } = await forwardPush(ctx, opened, forwardTo)
    const forwarded = { at: new Date(ctx.now()).toISOString(), replied: xml !== undefined, ...said }
    await putParts(ctx.db, event, { forwarded, ...(xml === undefined || isRuled ? {} : { xml }) })
    await note(ctx, opened, said)
  }
  const stored = await deliveryStored(ctx.db, event)
  return stored && replyOf(stored)
}

/** What is noted about the other system must not cost its reply. */
async function note(ctx: Needs, { callback }: ProvedPush, said: ForwardReply): Promise<void> {
  try {
    await noteForward(ctx, callback, said)
  } catch (error) {
    ctx.log.error({ corpId: callback.corpId, ...describeError(error) }, 'state of forwarding not noted')
  }
}

function eventOf({ callback, signature, raw, plain, push }: ProvedPush): NewEvent {
  const { corpId, agentId } = callback
  return {
    corpId,
    stream: 'agent',
    account: String(agentId),
    raw,
    plain,
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
