import type { Areas } from '../text/areas.ts'
import type { UrlPatch } from '../ui/address/url-state.ts'
import type { PageLevel } from './console-page.ts'

type InArea<A extends keyof Areas> = {
  /** The page that has them, and what of it is open. */
  path: string
  search?: UrlPatch
  /** Who has them, where the page is for more. */
  level?: PageLevel
  area: A
  /** The keys of their labels. */
  labels: readonly (keyof Areas[A])[]
}
export type Settings = { [A in keyof Areas]: InArea<A> }[keyof Areas]

/** The settings that the console's pages have, for whoever looks for one by its label. The server offers those of message channels. */
export const settings: readonly Settings[] = [
  {
    path: '/console/system/corps/settings',
    area: 'corps',
    labels: [
      'name',
      'publicUrl',
      'timeZone',
      'hintToken',
      'contactSecret',
      'callbackTitle',
      'callbackToken',
      'callbackKey',
    ],
  },
  {
    path: '/console/system/protection',
    area: 'protection',
    labels: [
      'consoleNetworks',
      'sessionsAtMost',
      'idleMinutes',
      'adminIdleMinutes',
      'newDevice',
      'watermark',
    ],
  },
  {
    path: '/console/system/protection',
    level: 'system',
    area: 'protection',
    labels: ['passwordLength', 'passwordKinds', 'passwordDays', 'passwordHistory'],
  },
  {
    path: '/console/system/corps/agents',
    area: 'corps',
    labels: ['tabAgents', 'agentId', 'agentSecret', 'uses', 'useNames', 'useSignin', 'useMessages'],
  },
  {
    path: '/console/system/corps/agents',
    area: 'agents',
    labels: ['tabHears', 'forward'],
  },
  {
    path: '/console/system/corps/look',
    area: 'branding',
    labels: ['tab', 'name', 'logo', 'colour', 'icpNumber', 'policeNumber', 'privacy'],
  },
  {
    path: '/console/apps',
    search: { program: 'any' },
    area: 'app-sign-in',
    labels: ['connect', 'programs'],
  },
  { path: '/console/messages/settings', area: 'messages', labels: ['keepDays'] },
  { path: '/console/todos/settings', area: 'todo-console', labels: ['quietHours', 'quietOn', 'timeZone'] },
  {
    path: '/console/todos/sources',
    area: 'todo-sources',
    labels: ['address', 'match', 'pcPrefix', 'appPrefix', 'systems', 'unknownSender'],
  },
  {
    path: '/console/apps/developers',
    search: { defaults: '1' },
    area: 'limits',
    labels: ['defaults', 'logDays', 'limitsTitle'],
  },
  {
    path: '/console/apps/developers',
    area: 'developers',
    labels: ['purposes', 'scopes', 'dataScope', 'ips', 'listStyle', 'packets', 'newDevices', 'accounts'],
  },
  {
    path: '/console/apps',
    area: 'apps',
    labels: ['popupsRule', 'homeUrl', 'mobileUrl', 'openIn', 'origins', 'audience', 'syncOn', 'payShortcut'],
  },
  {
    path: '/console/official',
    level: 'super',
    area: 'official',
    labels: ['formOriginalId', 'formAppId', 'formSecret', 'formVerified', 'mode', 'grants', 'siteFiles'],
  },
  { path: '/console/official/mass', level: 'super', area: 'official-mass', labels: ['needsApproval'] },
  {
    path: '/console/payments/merchants',
    area: 'payments-merchants',
    labels: [
      'mchId',
      'serial',
      'privateKey',
      'certificate',
      'apiV3Key',
      'publicKeyId',
      'publicKey',
      'miniProgram',
      'default',
    ],
  },
  {
    path: '/console/directory/roles',
    area: 'directory',
    labels: ['level', 'departmentsManaged', 'departmentsViewed'],
  },
  {
    path: '/console/system/second-factor',
    area: 'system',
    labels: ['factorOwn', 'factorRule', 'factorRequire'],
  },
  {
    path: '/console/system/admin-tokens',
    area: 'system',
    labels: ['tokenScopes', 'tokenAddresses'],
  },
]
