import type { ComponentType } from 'react'
import type { Areas } from '../text/areas.ts'

/** Who may open a page. The server checks the same for each of its calls. */
export type PageLevel = 'graded' | 'super' | 'system'

export type ConsolePage = {
  path: string
  /** The key of its name in the console's texts. In the navigation it belongs to `group`, or is an entry of its own. */
  name: keyof Areas['console']
  group?: keyof Areas['console']
  /** For a page that is opened from another page: the page whose navigation entry is highlighted while it is open. */
  under?: string
  level: PageLevel
  /** The page is useful before the first corp is connected. */
  withoutCorp?: true
  load(): Promise<{ Page: ComponentType }>
}

/** Every page of the console, in the order of the navigation. Each file exports its component as `Page`. */
export const pages: readonly ConsolePage[] = [
  {
    path: '/console',
    name: 'overview',
    level: 'graded',
    withoutCorp: true,
    load: () => import('./overview/overview.tsx'),
  },
  {
    path: '/console/start',
    name: 'start',
    under: '/console/system/corps',
    level: 'super',
    withoutCorp: true,
    load: () => import('./start/start.tsx'),
  },
  {
    path: '/console/alerts',
    name: 'alerts',
    level: 'super',
    load: () => import('./alerts/alerts.tsx'),
  },
  {
    path: '/console/directory',
    name: 'members',
    group: 'directory',
    level: 'graded',
    load: () => import('./directory/members.tsx'),
  },
  {
    path: '/console/directory/tags',
    name: 'tags',
    group: 'directory',
    level: 'graded',
    load: () => import('./directory/tags.tsx'),
  },
  {
    path: '/console/directory/import',
    name: 'import',
    group: 'directory',
    level: 'graded',
    load: () => import('./directory/import/import.tsx'),
  },
  {
    path: '/console/sync',
    name: 'syncNow',
    group: 'sync',
    level: 'super',
    load: () => import('./sync/sync.tsx'),
  },
  {
    path: '/console/sync/runs/$id',
    name: 'syncRun',
    under: '/console/sync',
    level: 'super',
    load: () => import('./sync/run.tsx'),
  },
  {
    path: '/console/sync/events',
    name: 'events',
    group: 'sync',
    level: 'super',
    load: () => import('./sync/events.tsx'),
  },
  {
    path: '/console/apps',
    name: 'apps',
    group: 'appCentre',
    level: 'super',
    load: () => import('./apps/apps.tsx'),
  },
  {
    path: '/console/apps/menus',
    name: 'menus',
    group: 'appCentre',
    level: 'super',
    load: () => import('./apps/menus/menus.tsx'),
  },
  {
    path: '/console/apps/developers',
    name: 'developers',
    group: 'appCentre',
    level: 'super',
    load: () => import('./developers/developers.tsx'),
  },
  {
    path: '/console/apps/requests',
    name: 'requests',
    group: 'appCentre',
    level: 'super',
    load: () => import('./developers/requests/requests.tsx'),
  },
  {
    path: '/console/messages',
    name: 'messages',
    group: 'messageCentre',
    level: 'super',
    load: () => import('./messages/messages.tsx'),
  },
  {
    path: '/console/messages/templates',
    name: 'templates',
    group: 'messageCentre',
    level: 'super',
    load: () => import('./messages/channels/sms/templates.tsx'),
  },
  {
    path: '/console/messages/settings',
    name: 'messageSettings',
    group: 'messageCentre',
    level: 'super',
    load: () => import('./messages/settings/settings.tsx'),
  },
  {
    path: '/console/official',
    name: 'officialAccounts',
    group: 'official',
    level: 'graded',
    load: () => import('./official/accounts/accounts.tsx'),
  },
  {
    path: '/console/official/conversations',
    name: 'officialConversations',
    group: 'official',
    level: 'graded',
    load: () => import('./official/conversations/conversations.tsx'),
  },
  {
    path: '/console/official/overview',
    name: 'officialFigures',
    group: 'official',
    level: 'graded',
    load: () => import('./official/overview/overview.tsx'),
  },
  {
    path: '/console/official/followers',
    name: 'officialFollowers',
    group: 'official',
    level: 'graded',
    load: () => import('./official/followers/followers.tsx'),
  },
  {
    path: '/console/official/menu',
    name: 'officialMenu',
    group: 'official',
    level: 'graded',
    load: () => import('./official/menu/menu.tsx'),
  },
  {
    path: '/console/official/replies',
    name: 'officialReplies',
    group: 'official',
    level: 'graded',
    load: () => import('./official/replies/replies.tsx'),
  },
  {
    path: '/console/official/mass',
    name: 'officialMass',
    group: 'official',
    level: 'graded',
    load: () => import('./official/mass/mass.tsx'),
  },
  {
    path: '/console/official/drafts',
    name: 'officialDrafts',
    group: 'official',
    level: 'graded',
    load: () => import('./official/drafts/drafts.tsx'),
  },
  {
    path: '/console/official/templates',
    name: 'officialTemplates',
    group: 'official',
    level: 'graded',
    load: () => import('./official/templates/templates.tsx'),
  },
  {
    path: '/console/official/pushes',
    name: 'officialPushes',
    group: 'official',
    level: 'graded',
    load: () => import('./official/pushes/pushes.tsx'),
  },
  {
    path: '/console/payments/bills',
    name: 'payBills',
    group: 'payments',
    level: 'graded',
    load: () => import('./payments/bills/bills.tsx'),
  },
  {
    path: '/console/payments/bills/import',
    name: 'payBillImport',
    under: '/console/payments/bills',
    level: 'graded',
    load: () => import('./payments/bills/import/import.tsx'),
  },
  {
    path: '/console/payments/refunds',
    name: 'payRefunds',
    group: 'payments',
    level: 'super',
    load: () => import('./payments/refunds/refunds.tsx'),
  },
  {
    path: '/console/payments/notifications',
    name: 'payNotifications',
    group: 'payments',
    level: 'super',
    load: () => import('./payments/notifications/notifications.tsx'),
  },
  {
    path: '/console/payments/reconciliation',
    name: 'payReconciliation',
    group: 'payments',
    level: 'super',
    load: () => import('./payments/reconciliation/reconciliation.tsx'),
  },
  {
    path: '/console/payments/merchants',
    name: 'payMerchants',
    group: 'payments',
    level: 'super',
    load: () => import('./payments/merchants/merchants.tsx'),
  },
  {
    path: '/console/system/corps',
    name: 'corps',
    group: 'system',
    level: 'super',
    withoutCorp: true,
    load: () => import('./corps/corps.tsx'),
  },
  {
    path: '/console/directory/roles',
    name: 'roles',
    group: 'system',
    level: 'super',
    load: () => import('./directory/roles.tsx'),
  },
  {
    path: '/console/system/audit',
    name: 'audit',
    group: 'system',
    level: 'super',
    load: () => import('./system/audit.tsx'),
  },
  {
    path: '/console/system/sessions',
    name: 'sessions',
    group: 'system',
    level: 'super',
    load: () => import('./system/sessions.tsx'),
  },
  {
    path: '/console/system/second-factor',
    name: 'secondFactor',
    group: 'system',
    level: 'system',
    withoutCorp: true,
    load: () => import('./system/second-factor.tsx'),
  },
  {
    path: '/console/system/about',
    name: 'about',
    group: 'system',
    level: 'system',
    withoutCorp: true,
    load: () => import('./system/about.tsx'),
  },
]
