import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import { choicesOf } from '../../message-choices/choices.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { decide } from '../../message-types/decide/decide.ts'
import type { Decision } from '../../message-types/decide/decision.ts'
import { everybodyIn, to } from '../accept/route.ts'
import { type BasisNeeds, type BasisQuestion, basesOf } from './basis.ts'
import { createNoted, decideEach, type Fate } from './decisions.ts'
import type { OpenCall, WaitingNeeds } from './open-call.ts'

/** Whether persons who chose nothing are decided about alike: nothing of the type counts what they got, or follows them one by one. */
export function isAlike({ definition, state }: MessageType): boolean {
  const { digest, frequency, fallback } = definition
  return !digest && !frequency && !fallback && state !== 'trial'
}

/** It leaves at once by the channels of its type. */
export const isPlain = (decision: Fate['decision'] | Decision, { definition }: MessageType): boolean =>
  decision.do === 'send' && !decision.cause && decision.channels.join() === definition.channels.join()

/** Those who chose something about a type, and whether it leaves at once for all others. For a type whose persons are alike. */
export async function choosersAmong(
  ctx: BasisNeeds,
  corpId: string,
  type: MessageType,
  members: readonly MemberCore[],
  question: BasisQuestion,
): Promise<{ choosers: MemberCore[]; areOthersPlain: boolean }> {
  const ids = members.map(core => core.id)
  const choices = await choicesOf(ctx, corpId, type.key, ids)
  const other = ids.find(id => !choices.has(id))
  const choosers = members.filter(core => choices.has(core.id))
  if (other === undefined) return { choosers, areOthersPlain: true }
  const basis = (await basesOf(ctx, corpId, type, [other], question)).get(other)!
  return { choosers, areOthersPlain: isPlain(decide(basis), type) }
}

/** More are decided about some at a time, like those of a type that decides about each. */
const choosersAtMost = 5000

/** Who gets a call otherwise than at once and alike, decided one by one, and all others. */
export type InOnePiece = { fates: Fate[]; others: Audience; total: number }

/** Divides a call into few persons of their own and all others, who need no decision; undefined where each person is decided about. */
export async function inOnePiece(
  ctx: WaitingNeeds,
  call: OpenCall,
  audience: Audience,
): Promise<InOnePiece | undefined> {
  const { type, view, message } = call
  if (!type || !isAlike(type)) return undefined
  const members = audience.isAll ? await everybodyIn(view) : audience.members
  const now = ctx.now()
  const { choosers, areOthersPlain } = await choosersAmong(ctx, message.corpId, type, members, {
    now,
    acceptedAt: message.createdAt.getTime(),
    expiresAt: message.expiresAt?.getTime(),
    about: message.about,
    hasWaited: false,
  })
  if (!areOthersPlain || choosers.length > choosersAtMost) return undefined
  const persons = choosers.map(({ id: memberId, userId }) => ({ memberId, userId }))
  const decided = await decideEach(ctx, call, persons, { hasWaited: false, noted: createNoted() })
  const fates = decided.filter(one => !isPlain(one.decision, type))
  const apart = new Set(fates.map(one => one.memberId))
  // Everybody is one call of a channel that takes all at once.
  const others =
    apart.size === 0
      ? audience
      : { ...to(members.filter(core => !apart.has(core.id))), invalid: audience.invalid }
  return { fates, others, total: members.length }
}
