import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
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
      {
        zh: told`公众号 ${originalId} 没有分配给您；请超级管理员分配`,
        en: told`the official account ${originalId} was not assigned to you: a super administrator can assign it`,
      },
      { status: 403 },
    )
  return account
}

function mayWorkWith(visitor: Visitor, account: Account): boolean {
  if (visitor.roleLevel !== roleLevel.graded) return true
  return visitor.member !== undefined && account.grants.has(visitor.member.id)
}
