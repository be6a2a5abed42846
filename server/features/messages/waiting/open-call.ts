import { checkScope, type Developers } from '../../../callers/developers/developers.ts'
import { senderOf as callerOf, operatorId } from '../../../callers/developers/operator.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import { type View, viewWithExternal } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type ChannelName, channelOf } from '../../channels/channels.ts'
import type { MessageRow } from '../../channels/part.ts'
import { purposes } from '../../channels/sealed.ts'
import { keepList } from '../../message-lists/lists.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import type { SendApproval } from '../../send-approval/catalog.ts'
import { audienceOf } from '../accept/audience.ts'
import { callOf, type Notice, type NotifyNeeds, textsFor } from '../accept/notify.ts'
import type { SendTime, Submission } from '../accept/sending.ts'
import type { Text } from '../accept/texts.ts'
import type { StopReason } from '../fate/stop-waiting.ts'
import type { PlanRow } from '../plans/plan-store.ts'
import type { BasisNeeds } from './basis.ts'

export type WaitingNeeds = NotifyNeeds & BasisNeeds & { developers: Developers; sendApproval: SendApproval }

/** What a plan keeps of a call; `version` is that of the type by which it was accepted, `isTrial` whether that was on trial. */
export type PlanInput =
  | { call: 'notify'; notice: Notice; version: number; isTrial?: boolean }
  | { call: 'send'; submission: Submission }

export function sealInput(ctx: NotifyNeeds, input: PlanInput): string {
  return ctx.seal.seal(JSON.stringify(input), purposes.plan)
}

/** A call that waits, with its receivers and rights as they are now. */
export type OpenCall = {
  message: MessageRow
  view: View
  /** Undefined for what is sent without a type. */
  type: MessageType | undefined
  audience: Audience
  /** What was kept of it. */
  input: PlanInput
  /** What these of its receivers get, by the first of these channels that reaches them. */
  textsFor(audience: Audience, channels?: readonly ChannelName[]): Promise<Text[]>
}

/** It does not leave, or is looked at again later because a person may change that. */
export type NotNow = { stop: StopReason } | { isPaused: true }

const gone: readonly string[] = ['unknownMember', 'unknownDepartment', 'unknownTag']

/** Faults that pass by themselves, or that an administrator mends, as against those by which a call of now would be refused for good. */
const passing: readonly string[] = ['unavailable', 'upstream', 'tooManyRequests', 'internal']

/** Throws what may be otherwise later. The corp's address book is in memory. `isForSome`: without its audience, for persons who are known. */
export async function openCall(
  ctx: WaitingNeeds,
  message: MessageRow,
  plan: Pick<PlanRow, 'input'>,
  isForSome = false,
): Promise<OpenCall | NotNow> {
  const developer = livingSender(ctx, message)
  if (!developer) return { stop: { code: 'senderGone' } }
  return orStop(() => openFor(ctx, developer, message, plan, isForSome))
}

/** What was made, or why a call of now would be refused for good. Throws what may be otherwise later. */
export async function orStop<T>(make: () => Promise<T>): Promise<T | { stop: StopReason }> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof ApiError) || passing.includes(error.error)) throw error
    if (gone.includes(error.error)) return { stop: { code: 'receiverGone' } }
    return { stop: refused(error) }
  }
}

function refused(error: ApiError): StopReason {
  const [zh, en] = [error.messageIn('zh'), error.messageIn('en')].map(text => text.slice(0, 400))
  return { code: 'refusedWhenDue', zh: zh ?? '', en: en ?? '' }
}

function livingSender(ctx: WaitingNeeds, message: MessageRow): Caller | undefined {
  if (message.devId === operatorId) return callerOf(ctx, message)
  const developer = ctx.developers.get(message.devId)
  return developer?.enabled ? developer : undefined
}

async function openFor(
  ctx: WaitingNeeds,
  developer: Caller,
  message: MessageRow,
  plan: Pick<PlanRow, 'input'>,
  isForSome: boolean,
): Promise<OpenCall | NotNow> {
  const input = JSON.parse(ctx.seal.open(plan.input, purposes.plan)) as PlanInput
  const view = viewWithExternal(ctx, developer)
  // The texts that leave have their expiry from it; what else was said of the time is over.
  const timing: SendTime = message.expiresAt ? { expiresAt: message.expiresAt } : {}
  if (input.call === 'send') {
    const submission = { ...input.submission, timing }
    checkScope(developer, channelOf(submission.channel).scope ?? 'message:send')
    const audience = await audienceOf(ctx, view, submission)
    return {
      message,
      view,
      type: undefined,
      audience,
      input,
      textsFor: async some => [{ submission, audience: some }],
    }
  }
  checkScope(developer, 'message:send')
  const type = await ctx.messageTypes.version(message.corpId, input.notice.type, input.version)
  if (!type || type.state === 'revoked') return { stop: { code: 'typeRevoked' } }
  const { toList } = input.notice
  // Persons wait for more steps than one.
  if (toList !== undefined && (isForSome || type.state === 'paused'))
    await keepList(ctx, message.corpId, toList)
  if (type.state === 'paused') return { isPaused: true }
  const { said: now, audience } = await callOf(ctx, view, type, { ...input.notice, timing }, '', isForSome)
  // Its texts may name its page.
  const said = { ...now, sending: { ...now.sending, msgId: message.id } }
  return {
    message,
    view,
    type,
    audience,
    input,
    textsFor: (some, channels = type.definition.channels) => textsFor(ctx, view, said, some, channels),
  }
}

/** Longer than any message may wait: what was accepted before is given up. */
export const givenUpAfterMs = 120 * 86_400_000

/** What cannot be read is looked at again for as long as messages may wait, and keeps back no others. */
export async function tried<T extends object>(
  ctx: WaitingNeeds,
  message: MessageRow,
  make: () => Promise<T | NotNow>,
): Promise<T | NotNow> {
  const isOld = ctx.now() - message.createdAt.getTime() > givenUpAfterMs
  try {
    const made = await orStop(make)
    return 'isPaused' in made && isOld ? { stop: { code: 'typePaused' } } : made
  } catch (error) {
    ctx.log.error({ messageId: message.id, ...describeError(error) }, 'waiting message not sent')
    const text = describeError(error).error.slice(0, 400)
    return isOld ? { stop: { code: 'refusedWhenDue', zh: text, en: text } } : { isPaused: true }
  }
}
