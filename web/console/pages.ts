import type { ComponentType } from 'react'
import type { Areas } from '../text/areas.ts'
import type { EntryName } from './entries.ts'

/** Who may open a page. The server checks the same for each of its calls. */
export type PageLevel = 'graded' | 'super' | 'system'

export type ConsolePage = {
  path: string
  /** The key of its name in the console's texts, which no other page has. */
  name: keyof Areas['console']
  /** The key of a shorter name, for the tab that stands below the name of its entry. */
  tab?: keyof Areas['console']
  /** The entry of the navigation that leads to it. The pages of an entry are tabs. */
  entry: EntryName
  /** For a page that is opened from another page: that page, whose tab is marked while it is open. */
  under?: string
  /** The page of one object, which names the browser's tab after it and has tabs of its own. */
  isObject?: true
  level: PageLevel
  /** The page is useful before the first corp is connected. */
  withoutCorp?: true
  load(): Promise<{ Page: ComponentType }>
}

/** Every page of the console, in the order of the navigation and of the tabs. Each file exports its component as `Page`. */
export const pages: readonly ConsolePage[] = [
  {
    path: '/console',
    name: 'overview',
    entry: 'overview',
    level: 'graded',
    withoutCorp: true,
    load: () => import('./overview/overview.tsx'),
  },
  {
    path: '/console/start',
    name: 'start',
    entry: 'corps',
    under: '/console/system/corps',
    level: 'super',
    withoutCorp: true,
    load: () => import('./start/start.tsx'),
  },
  {
    path: '/console/alerts',
    name: 'alerts',
    entry: 'alerts',
    level: 'super',
    load: () => import('./alerts/alerts.tsx'),
  },
  {
    path: '/console/directory',
    name: 'members',
    entry: 'directory',
    level: 'graded',
    load: () => import('./directory/members.tsx'),
  },
  {
    path: '/console/directory/tags',
    name: 'tags',
    entry: 'directory',
    level: 'graded',
    load: () => import('./directory/tags.tsx'),
  },
  {
    path: '/console/directory/import',
    name: 'import',
    tab: 'importTab',
    entry: 'directory',
    level: 'graded',
    load: () => import('./directory/import/import.tsx'),
  },
  {
    path: '/console/sync',
    name: 'syncNow',
    entry: 'sync',
    level: 'super',
    load: () => import('./sync/sync.tsx'),
  },
  {
    path: '/console/sync/runs/$id',
    name: 'syncRun',
    entry: 'sync',
    under: '/console/sync',
    level: 'super',
    load: () => import('./sync/run.tsx'),
  },
  {
    path: '/console/apps',
    name: 'apps',
    entry: 'apps',
    level: 'super',
    load: () => import('./apps/apps.tsx'),
  },
  {
    path: '/console/apps/$id/{-$tab}',
    name: 'app',
    entry: 'apps',
    under: '/console/apps',
    isObject: true,
    level: 'super',
    load: () => import('./apps/app.tsx'),
  },
  {
    path: '/console/apps/menus',
    name: 'menus',
    tab: 'menusTab',
    entry: 'apps',
    level: 'super',
    load: () => import('./apps/menus/menus.tsx'),
  },
  {
    path: '/console/apps/developers',
    name: 'developers',
    entry: 'developers',
    level: 'super',
    load: () => import('./developers/developers.tsx'),
  },
  {
    path: '/console/apps/developers/$id/{-$tab}',
    name: 'developer',
    entry: 'developers',
    under: '/console/apps/developers',
    isObject: true,
    level: 'super',
    load: () => import('./developers/developer.tsx'),
  },
  {
    path: '/console/messages',
    name: 'messages',
    entry: 'messageCentre',
    level: 'super',
    load: () => import('./messages/messages.tsx'),
  },
  {
    path: '/console/messages/templates',
    name: 'templates',
    entry: 'messageCentre',
    level: 'super',
    load: () => import('./messages/channels/sms/templates.tsx'),
  },
  {
    path: '/console/messages/settings',
    name: 'messageSettings',
    tab: 'messageSettingsTab',
    entry: 'messageCentre',
    level: 'super',
    load: () => import('./messages/settings/settings.tsx'),
  },
  {
    path: '/console/official',
    name: 'officialAccounts',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/accounts/accounts.tsx'),
  },
  {
    path: '/console/official/accounts/$id/{-$tab}',
    name: 'officialAccount',
    entry: 'official',
    under: '/console/official',
    isObject: true,
    level: 'graded',
    load: () => import('./official/accounts/account.tsx'),
  },
  {
    path: '/console/official/conversations',
    name: 'officialConversations',
    tab: 'officialConversationsTab',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/conversations/conversations.tsx'),
  },
  {
    path: '/console/official/overview',
    name: 'officialFigures',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/overview/overview.tsx'),
  },
  {
    path: '/console/official/followers',
    name: 'officialFollowers',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/followers/followers.tsx'),
  },
  {
    path: '/console/official/menu',
    name: 'officialMenu',
    tab: 'officialMenuTab',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/menu/menu.tsx'),
  },
  {
    path: '/console/official/replies',
    name: 'officialReplies',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/replies/replies.tsx'),
  },
  {
    path: '/console/official/mass',
    name: 'officialMass',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/mass/mass.tsx'),
  },
  {
    path: '/console/official/drafts',
    name: 'officialDrafts',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/drafts/drafts.tsx'),
  },
  {
    path: '/console/official/templates',
    name: 'officialTemplates',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/templates/templates.tsx'),
  },
  {
    path: '/console/payments/bills',
    name: 'payBills',
    entry: 'payments',
    level: 'graded',
    load: () => import('./payments/bills/bills.tsx'),
  },
  {
    path: '/console/payments/bills/import',
    name: 'payBillImport',
    entry: 'payments',
    under: '/console/payments/bills',
    level: 'graded',
    load: () => import('./payments/bills/import/import.tsx'),
  },
  {
    path: '/console/payments/refunds',
    name: 'payRefunds',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/refunds/refunds.tsx'),
  },
  {
    path: '/console/payments/reconciliation',
    name: 'payReconciliation',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/reconciliation/reconciliation.tsx'),
  },
  {
    path: '/console/payments/merchants',
    name: 'payMerchants',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/merchants/merchants.tsx'),
  },
  {
    path: '/console/payments/merchants/$id/{-$tab}',
    name: 'payMerchant',
    entry: 'payments',
    under: '/console/payments/merchants',
    isObject: true,
    level: 'super',
    load: () => import('./payments/merchants/merchant.tsx'),
  },
  {
    path: '/console/system/corps',
    name: 'corps',
    entry: 'corps',
    level: 'super',
    withoutCorp: true,
    load: () => import('./corps/corps.tsx'),
  },
  {
    path: '/console/directory/roles',
    name: 'roles',
    entry: 'access',
    level: 'super',
    load: () => import('./directory/roles.tsx'),
  },
  {
    path: '/console/system/sessions',
    name: 'sessions',
    tab: 'sessionsTab',
    entry: 'access',
    level: 'super',
    load: () => import('./system/sessions.tsx'),
  },
  {
    path: '/console/system/second-factor',
    name: 'secondFactor',
    entry: 'access',
    level: 'system',
    withoutCorp: true,
    load: () => import('./system/second-factor.tsx'),
  },
  {
    path: '/console/apps/requests',
    name: 'requests',
    entry: 'logs',
    level: 'super',
    load: () => import('./developers/requests/requests.tsx'),
  },
  {
    path: '/console/sync/events',
    name: 'events',
    entry: 'logs',
    level: 'super',
    load: () => import('./sync/events.tsx'),
  },
  {
    path: '/console/official/pushes',
    name: 'officialPushes',
    entry: 'logs',
    level: 'graded',
    load: () => import('./official/pushes/pushes.tsx'),
  },
  {
    path: '/console/payments/notifications',
    name: 'payNotifications',
    entry: 'logs',
    level: 'super',
    load: () => import('./payments/notifications/notifications.tsx'),
  },
  {
    path: '/console/system/audit',
    name: 'audit',
    entry: 'audit',
    level: 'super',
    load: () => import('./system/audit.tsx'),
  },
  {
    path: '/console/system/about',
    name: 'about',
    entry: 'about',
    level: 'system',
    withoutCorp: true,
    load: () => import('./system/about.tsx'),
  },
]
