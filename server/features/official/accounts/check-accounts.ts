import type { Core } from '../../../platform/core.ts'
import { unknownAccount } from './accounts.ts'
import { allAccounts } from './store.ts'

/** Throws 1000 for an account that is not bound in this corp. */
export async function checkAccounts(
  { db }: Core,
  corpId: string,
  originalIds: readonly string[],
): Promise<void> {
  const bound = new Set((await allAccounts(db, corpId)).map(row => row.original_id))
  const unknown = originalIds.find(id => !bound.has(id))
  if (unknown !== undefined) throw unknownAccount(unknown)
}
