import type { ComponentType } from 'react'
import type { Areas } from '../text/areas.ts'
import type { EntryName } from './entries.ts'

/** Who may open a page. The server checks the same for each of its calls. */
export type PageLevel = 'helpDesk' | 'graded' | 'super' | 'system'

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
  level: PageLevel
  /** The optional feature that the page belongs to. */
  feature?: 'official' | 'payments'
  /** The page is of use while its feature is switched off. */
  whenOff?: true
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
    path: '/console/help-desk',
    name: 'helpDesk',
    entry: 'helpDesk',
    level: 'helpDesk',
    load: () => import('./help-desk/help-desk.tsx'),
  },
  {
    path: '/console/help-desk/$id',
    name: 'helpDeskPerson',
    entry: 'helpDesk',
    under: '/console/help-desk',
    level: 'helpDesk',
    load: () => import('./help-desk/person.tsx'),
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
    path: '/console/apps/menus',
    name: 'menus',
    tab: 'menusTab',
    entry: 'apps',
    level: 'super',
    load: () => import('./apps/menus/menus.tsx'),
  },
  {
    path: '/console/apps/announcements',
    name: 'announcements',
    entry: 'apps',
    level: 'super',
    load: () => import('./apps/announcements/announcements.tsx'),
  },
  {
    path: '/console/apps/developers',
    name: 'developers',
    entry: 'developers',
    level: 'super',
    load: () => import('./developers/developers.tsx'),
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
    feature: 'official',
    name: 'officialAccounts',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/accounts/accounts.tsx'),
  },
  {
    path: '/console/official/conversations',
    feature: 'official',
    name: 'officialConversations',
    tab: 'officialConversationsTab',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/conversations/conversations.tsx'),
  },
  {
    path: '/console/official/overview',
    feature: 'official',
    name: 'officialFigures',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/overview/overview.tsx'),
  },
  {
    path: '/console/official/followers',
    feature: 'official',
    name: 'officialFollowers',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/followers/followers.tsx'),
  },
  {
    path: '/console/official/menu',
    feature: 'official',
    name: 'officialMenu',
    tab: 'officialMenuTab',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/menu/menu.tsx'),
  },
  {
    path: '/console/official/replies',
    feature: 'official',
    name: 'officialReplies',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/replies/replies.tsx'),
  },
  {
    path: '/console/official/mass',
    feature: 'official',
    name: 'officialMass',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/mass/mass.tsx'),
  },
  {
    path: '/console/official/drafts',
    feature: 'official',
    name: 'officialDrafts',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/drafts/drafts.tsx'),
  },
  {
    path: '/console/official/templates',
    feature: 'official',
    name: 'officialTemplates',
    entry: 'official',
    level: 'graded',
    load: () => import('./official/templates/templates.tsx'),
  },
  {
    path: '/console/payments/bills',
    feature: 'payments',
    whenOff: true,
    name: 'payBills',
    entry: 'payments',
    level: 'graded',
    load: () => import('./payments/bills/bills.tsx'),
  },
  {
    path: '/console/payments/bills/import',
    feature: 'payments',
    name: 'payBillImport',
    entry: 'payments',
    under: '/console/payments/bills',
    level: 'graded',
    load: () => import('./payments/bills/import/import.tsx'),
  },
  {
    path: '/console/payments/refunds',
    feature: 'payments',
    whenOff: true,
    name: 'payRefunds',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/refunds/refunds.tsx'),
  },
  {
    path: '/console/payments/reconciliation',
    feature: 'payments',
    whenOff: true,
    name: 'payReconciliation',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/reconciliation/reconciliation.tsx'),
  },
  {
    path: '/console/payments/merchants',
    feature: 'payments',
    whenOff: true,
    name: 'payMerchants',
    entry: 'payments',
    level: 'super',
    load: () => import('./payments/merchants/merchants.tsx'),
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
    path: '/console/system/features',
    name: 'features',
    entry: 'corps',
    level: 'super',
    load: () => import('./corps/features.tsx'),
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
    path: '/console/apps/people-read',
    name: 'peopleRead',
    entry: 'logs',
    level: 'super',
    load: () => import('./developers/requests/people-read.tsx'),
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
    feature: 'official',
    whenOff: true,
    name: 'officialPushes',
    entry: 'logs',
    level: 'graded',
    load: () => import('./official/pushes/pushes.tsx'),
  },
  {
    path: '/console/payments/notifications',
    feature: 'payments',
    whenOff: true,
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
