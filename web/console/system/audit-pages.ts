import type { ConsolePage } from '../console-page.ts'

/** What is reached from the audit log. */
export const auditPages: readonly ConsolePage[] = [
  {
    path: '/console/system/audit/integrity',
    name: 'auditIntegrity',
    entry: 'logs',
    under: '/console/system/audit',
    isLinked: true,
    level: 'super',
    load: () => import('./integrity/integrity.tsx'),
  },
  {
    path: '/console/system/forwarding',
    name: 'forwarding',
    tab: 'forwardingTab',
    entry: 'logs',
    under: '/console/system/audit',
    isLinked: true,
    level: 'super',
    load: () => import('./forwarding/forwarding.tsx'),
  },
  {
    path: '/console/system/compliance',
    name: 'compliance',
    entry: 'logs',
    under: '/console/system/audit',
    isLinked: true,
    level: 'super',
    load: () => import('./compliance.tsx'),
  },
]
