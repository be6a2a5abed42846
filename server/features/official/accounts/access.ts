import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Account, Accounts } from './accounts.ts'

/** The accounts that an administrator may work with: graded ones only those that were given to them. */
export function accountsFor(
  { accounts }: { accounts: Accounts },
  visitor: Visitor,
  corpId: string,
): Account[] {
  return accounts.ofCorp(corpId).filter(account => mayWorkWith(visitor, account))
}

/** Throws 1000 for an account that the corp does not have, and 1009 for one that was not given. */
export function accountFor(
  { accounts }: { accounts: Accounts },
  visitor: Visitor,
  corpId: string,
  originalId: string,
): Account {
  const account = accounts.get(corpId, originalId)
  if (!mayWorkWith(visitor, account))
    throw new ApiError(
      'forbidden',
      { zh: '这个公众号没有分配给您', en: 'this official account was not given to you' },
      { status: 403 },
    )
  return account
}

function mayWorkWith(visitor: Visitor, account: Account): boolean {
  if (visitor.roleLevel !== roleLevel.graded) return true
  return visitor.member !== undefined && account.grants.has(visitor.member.id)
}
