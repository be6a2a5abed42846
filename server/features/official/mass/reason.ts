import { ApiError } from '../../../platform/http/errors.ts'
import { type Words, wordsIn } from '../../../platform/words.ts'
import { type SendReason, reasonOf as sendReasonOf, sendReasonWords } from '../sends/reason.ts'

/** Why a call was not made or not taken, as it is stored: as for other sends, or a rule of ours in words. */
export type MassReason = SendReason | { code: 'rule'; words: Words }

export function reasonOf(error: unknown): MassReason {
  if (!(error instanceof ApiError)) return sendReasonOf(error)
  const { detail } = error
  return { code: 'rule', words: { zh: wordsIn('zh', detail), en: wordsIn('en', detail) } }
}

export function reasonWords(reason: MassReason): Words {
  return reason.code === 'rule' ? reason.words : sendReasonWords(reason)
}
