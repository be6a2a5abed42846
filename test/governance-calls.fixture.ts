import type { Manager } from './admin-token.ts'
import { checkExternal } from './external-calls.fixture.ts'
import { checkMemberGroups } from './group-calls.fixture.ts'
import { checkAuditTree, checkHolding } from './holding-calls.fixture.ts'
import { checkLdap } from './ldap-calls.fixture.ts'
import { checkPersonalData } from './personal-calls.fixture.ts'
import { checkProtection } from './protection-calls.fixture.ts'
import { checkThree } from './three-calls.fixture.ts'

/** Calls by which an organisation governs: sends that are held, people's data, the audit log, the protection of sign-ins; LDAP. */
export async function checkGovernance(all: Manager, called: Set<string>, corpId: string): Promise<void> {
  await checkHolding(all, called)
  await checkPersonalData(all, called)
  await checkAuditTree(all, called, corpId)
  await checkProtection(all, called)
  await checkExternal(all, called)
  await checkThree(all, called)
  await checkLdap(all, called, corpId)
  await checkMemberGroups(all, called)
}
