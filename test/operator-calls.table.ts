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
