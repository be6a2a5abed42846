import { livingMember, type View } from '../../organisation/directory/read/view.ts'
import type { grantsOf } from './setup/setup-store.ts'
import type { ApprovalRow } from './store.ts'

type Grants = Awaited<ReturnType<typeof grantsOf>>

/**
 * Whether a developer sees an approval: its own while it may submit by the template, those of others where it may read all of the template; and
 * in both the applicant must be within its data scope.
 */
export function maySee(view: View, grants: Grants, row: ApprovalRow): boolean {
  const { devId, dataScope } = view.developer
  const grant = grants.get(row.templateId)
  if (!grant || !(grant.reads || row.devId === devId)) return false
  return dataScope === undefined || livingMember(view, row.applicant) !== undefined
}
