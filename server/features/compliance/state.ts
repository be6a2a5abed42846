import type { Protection } from '../../callers/protection/protection.ts'
import type { CorpProtection, InstallationProtection } from '../../callers/protection/settings.ts'
import { adminAccount } from '../../callers/sign-in/account-store.ts'
import { isFactorRequired } from '../../callers/sign-in/factor/second-factor.ts'
import { readWays } from '../../callers/sign-in/ways/ways-store.ts'
import { signInLogDays } from '../../callers/sign-in-log/retention.ts'
import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import { administratorName } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import { auditDays } from '../../platform/audit/retention.ts'
import type { Core } from '../../platform/core.ts'
import { livingNodes } from '../../platform/storage/nodes/node-store.ts'
import { type BackupState, backupState } from '../backup/state.ts'
import {
  type ForwardingState,
  forwardingOf,
  type OwnRoleUse,
  type RoleNeeds,
  type TreeState,
  treeState,
  useOfOwnRoles,
} from './governance.ts'

export type AssessNeeds = Core & { corps: Corps; protection: Protection; three: Three } & RoleNeeds

/** What the checks look at. */
export type AssessedState = {
  corp: CorpProtection
  installation: InstallationProtection
  isFactorRequired: boolean
  /** The generated first password of the system super administrator still counts. */
  hasFirstPassword: boolean
  isHttps: boolean
  /** Days that members without a role stay signed in within WeCom; 0: as other sessions. */
  insideDays: number
  dataReadDays: number
  auditDays: number
  signInLogDays: number
  backup: BackupState
  nodes: number
  hasOwnDatabase: boolean
  ownRoles: OwnRoleUse
  /** The three administrators are separated in the corp. */
  isSeparated: boolean
  /** The audit trees of the corp and of the installation, and where their entries are forwarded to. */
  trees: { corp: TreeState; installation: TreeState }
  forwarding: { corp: ForwardingState; installation: ForwardingState }
}

export async function assessedState(ctx: AssessNeeds, corpId: string): Promise<AssessedState> {
  const { db, protection } = ctx
  const corp = ctx.corps.get(corpId)
  const [required, account, ways, backup, nodes, ownRoles] = await Promise.all([
    isFactorRequired(db),
    adminAccount(db, administratorName),
    readWays(db, corpId),
    backupState(ctx),
    livingNodes(db),
    useOfOwnRoles(ctx, corpId),
  ])
  const [corpTree, ownTree, corpForwarding, ownForwarding] = await Promise.all([
    treeState(ctx, corpId),
    treeState(ctx, ''),
    forwardingOf(ctx, corpId),
    forwardingOf(ctx, ''),
  ])
  return {
    corp: protection.ofCorp(corpId),
    installation: protection.ofInstallation(),
    isFactorRequired: required,
    isSeparated: ctx.three.isOn(corpId),
    hasFirstPassword: (account?.firstPassword ?? '') !== '',
    isHttps: publicUrlOf(ctx, corp).startsWith('https:'),
    insideDays: ways.insideDays,
    dataReadDays: Math.max(corp.dataReadDays, corp.requestLogDays),
    auditDays,
    signInLogDays,
    backup,
    nodes: nodes.length,
    hasOwnDatabase: ctx.config.databaseUrl !== '',
    ownRoles,
    trees: { corp: corpTree, installation: ownTree },
    forwarding: { corp: corpForwarding, installation: ownForwarding },
  }
}
