import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { isBusy, isLimit } from '../../../upstream/wecom/passing.ts'
import type { Outcome } from '../channel.ts'
import type { WecomReason } from './reasons.ts'

/** Error codes: `nobody` means that there is no receiver, `never` that WeCom will never accept the request. */
const nobody = new Set([81013, 82001, 60111, 46004])
const never = new Set([
  40004, 40005, 40006, 40008, 40054, 41016, 41033, 44004, 45002, 45008, 40032, 82002, 82003,
])
const limitPauseMs = 60_000

export function isForNobody(error: unknown): boolean {
  return error instanceof WecomError && nobody.has(error.errcode)
}

/** What became of a call that threw. Throws what is neither WeCom's refusal nor its silence. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof WecomUnavailable) {
    const { reason: why, ambiguous } = error
    const silent: WecomReason = { code: 'wecomSilent', why }
    const unreachable: WecomReason = { code: 'wecomUnreachable', why }
    return ambiguous ? { kind: 'unsure', reason: silent } : { kind: 'again', reason: unreachable }
  }
  if (!(error instanceof WecomError)) throw error
  const { errcode, errmsg } = error
  const reason: WecomReason = { code: 'wecomRefused', errcode, errmsg }
  if (nobody.has(errcode) || never.has(errcode)) return { kind: 'refused', reason, isConfig: false }
  if (isLimit(errcode)) return { kind: 'again', reason, afterMs: limitPauseMs }
  if (isBusy(errcode)) return { kind: 'again', reason }
  return { kind: 'refused', reason, isConfig: true }
}
