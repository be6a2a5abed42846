import type { SignInRole } from './sign-in.ts'

/**
 * `payer`: a member with a session, or anyone with a ticket of the payer's page, which is no role. `owner`: super
 * administrators, and the owners of the developer that is named. `helpDesk`: people with that role, and administrators. `operator`: the
 * system super administrator, in a session that gave the second factor.
 */
export type Audience =
  | 'anyone'
  | 'payer'
  | 'person'
  | 'owner'
  | 'helpDesk'
  | 'graded'
  | 'super'
  | 'system'
  | 'operator'

export const roles: readonly SignInRole[] = [
  'nobody',
  'member',
  'helpDesk',
  'graded',
  'super',
  'system',
  'operator',
]

export const allowed: Record<Audience, readonly SignInRole[]> = {
  anyone: roles,
  payer: ['member', 'helpDesk', 'graded', 'super'],
  person: ['member', 'helpDesk', 'graded', 'super', 'system', 'operator'],
  helpDesk: ['helpDesk', 'graded', 'super', 'system', 'operator'],
  graded: ['graded', 'super', 'system', 'operator'],
  owner: ['super', 'system', 'operator'],
  super: ['super', 'system', 'operator'],
  system: ['system', 'operator'],
  operator: ['operator'],
}

/** The calls over all corps: for the system super administrator in a session that gave the second factor. */
export const operatorCalls = [
  '/web/corp-lifecycle/state',
  '/web/corp-lifecycle/suspend',
  '/web/corp-lifecycle/resume',
  '/web/corp-lifecycle/export',
  '/web/corp-lifecycle/delete',
  '/web/corp-lifecycle/removals',
  '/web/operator/corps',
  '/web/operator/corps/export',
  '/web/operator/corp',
  '/web/operator/quotas',
] as const
