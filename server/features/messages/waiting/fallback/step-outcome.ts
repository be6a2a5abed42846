import type { MemberCore } from '../../../../organisation/directory/mirror/members.ts'
import type { MessageRow } from '../../../channels/part.ts'
import type { CodedReason } from '../../../channels/reason.ts'
import { decide } from '../../../message-types/decide/decide.ts'
import type { Decision, DecisionBasis } from '../../../message-types/decide/decision.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'
import type { Draft } from '../../accept/outbox.ts'
import type { StepRow } from '../../plans/fallback-store.ts'
import type { Step } from '../../plans/plan-store.ts'
import { basesOf } from '../basis.ts'
import type { OpenCall, WaitingNeeds } from '../open-call.ts'

const againMs = 60_000

/** A step that is due for a person who is there. */
export type DueStep = { row: StepRow; step: FallbackStep; core: MemberCore; cause: CodedReason }

/** A row that ends, with why; `nextAt`: when the step after it is due, in ms. */
export type StepEnd = {
  row: StepRow
  what: Step['what']
  channel: string | null
  cause: CodedReason
  nextAt?: number
}

/** What becomes of rows that are due. */
export type Outcome = {
  done: StepEnd[]
  /** Looked at again; with a cause where that was decided and not only found out. */
  postponed: { row: StepRow; until: number; cause?: CodedReason }[]
  /** For leaders, who are told of them within `withinMs` and before `before` (in ms), with what else is due for them by then. */
  collected: { row: StepRow; leaderId: number; withinMs: number; before: number }[]
  leaving: { message: MessageRow; drafts: Draft[] }[]
  /** What leaders are told of now. */
  toTell: { call: OpenCall; due: DueStep }[]
  /** To leaders. */
  notices: Draft[]
}

export const ended = (row: StepRow, cause: CodedReason): StepEnd => ({
  row,
  what: 'drop',
  channel: null,
  cause,
})

/** Has rows looked at again that cannot be decided about now. */
export function later(ctx: WaitingNeeds, { postponed }: Outcome, rows: readonly StepRow[]): void {
  for (const row of rows) postponed.push({ row, until: ctx.now() + againMs })
}

export async function stepBases(
  ctx: WaitingNeeds,
  { message, type }: OpenCall,
  ids: readonly number[],
): Promise<Map<number, DecisionBasis>> {
  if (!type) return new Map()
  return basesOf(ctx, message.corpId, type, ids, {
    now: ctx.now(),
    acceptedAt: message.createdAt.getTime(),
    expiresAt: message.expiresAt?.getTime(),
    about: message.about,
    hasWaited: false,
  })
}

/** What quiet hours and the person say of one more way; a limit and a digest are about messages, not about their ways. */
export function decideStep(basis: DecisionBasis, channel: FallbackStep['channel']): Decision {
  const { choice, channels } = basis
  return decide({
    ...basis,
    channels: channel === 'leader' ? channels : [channel],
    digest: undefined,
    frequency: undefined,
    choice: choice && { ...choice, digest: 'off' },
  })
}
