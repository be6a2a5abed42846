import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { type Account, type Accounts, unknownAccount } from '../accounts/accounts.ts'

export const originalIdField = text(
  { zh: '公众号的原始 ID（gh_…）', en: 'Original id of the official account (gh_…)' },
  {
    max: 64,
    pattern: /^gh_[0-9a-f]{12}$/,
  },
)

/** The accounts that a developer may use, in the order in which they were bound. */
export function accountsOf({ accounts }: { accounts: Accounts }, developer: Caller): Account[] {
  return accounts
    .ofCorp(developer.corpId)
    .filter(({ originalId }) => developer.accounts?.has(originalId) ?? true)
}

/** Throws 1000, both for an account that the corp does not have and for one that the developer may not use. */
export function accountOf(ctx: { accounts: Accounts }, developer: Caller, originalId: string): Account {
  const found = accountsOf(ctx, developer).find(account => account.originalId === originalId)
  if (!found) throw unknownAccount(originalId)
  return found
}

/** 1007 for a member whom the corp has, and who is not a linked follower of the account. */
export function notLinked(userId: string, account: Account): ApiError {
  return new ApiError('unknownMember', {
    zh: told`${userId} 没有绑定公众号 ${account.name}，或已取消关注`,
    en: told`${userId} is not linked to the account ${account.name}, or has unsubscribed`,
  })
}
