import { perform } from '../../platform/acts/perform.ts'
import { changedFields } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { own, told } from '../../platform/http/told.ts'
import { changeBudget } from './budget/change-budget.ts'
import { type ApprovalSettings, standard } from './settings.ts'
import * as store from './store.ts'

/** Changes what is given. `version` is that of the form. @throws ApiError 1000 */
export async function setSendApproval(
  ctx: Core,
  actor: string,
  corpId: string,
  { words, ...given }: Partial<ApprovalSettings>,
  version?: string,
): Promise<void> {
  const change = { ...given, ...(words ? { words: readWords(words) } : {}) }
  await perform(ctx, { act: 'message.approval.settings', actor, corpId }, async tx => {
    const before = await store.lockSettings(tx, corpId, standard)
    checkVersion(before, version)
    const after = { ...before, ...change }
    if (isPaidOtherwise(before, after)) await changeBudget(ctx, tx, corpId, after)
    await store.putSettings(tx, corpId, after)
    const named = (of: Partial<ApprovalSettings>) =>
      Object.fromEntries(Object.entries(of).map(([field, value]) => [`approval.${field}`, value]))
    const changes = changedFields(named(before), named(change))
    return { target: corpId, detail: { changes }, answer: undefined }
  })
}

function isPaidOtherwise(a: ApprovalSettings, b: ApprovalSettings): boolean {
  return a.smsPrice !== b.smsPrice || a.smsBudget !== b.smsBudget || a.smsUrgent !== b.smsUrgent
}

const wordsAtMost = 200
const wordAtMost = 64

/** Without spaces around them, and each once. Throws 1000. */
function readWords(given: readonly string[]): string[] {
  const words = [...new Set(given.map(word => word.trim()).filter(word => word !== ''))]
  if (words.length > wordsAtMost)
    throw new ApiError('badParameter', {
      zh: told`words 最多 ${own(wordsAtMost)} 个，收到 ${own(words.length)} 个`,
      en: told`words takes at most ${own(wordsAtMost)}, got ${own(words.length)}`,
    })
  const long = words.find(word => word.length > wordAtMost)
  if (long !== undefined)
    throw new ApiError('badParameter', {
      zh: told`words：${long} 超过 ${own(wordAtMost)} 个字符`,
      en: told`words: ${long} has more than ${own(wordAtMost)} characters`,
    })
  return words
}
