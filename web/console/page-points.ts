import type { Point } from '../../server/platform/http/admin/points.ts'

/** The point that a role of the corp's own must have for a page to be of use: that of the call which fills it. */
const ofPages: Readonly<Record<string, Point>> = {
  '/console': 'console:use',
  '/console/alerts/past': 'alert:read',
  '/console/apps': 'app:read',
  '/console/apps/$id/{-$tab}': 'app:read',
  '/console/apps/developers': 'developer:read',
  '/console/apps/developers/$id/{-$tab}': 'developer:read',
  '/console/apps/people-read': 'developer:log',
  '/console/apps/requests': 'developer:log',
  '/console/directory': 'directory:read',
  '/console/directory/external': 'directory:external',
  '/console/directory/external/import': 'directory:invite',
  '/console/directory/groups': 'directory:group',
  '/console/directory/import': 'directory:edit',
  '/console/directory/own-roles': 'role:read',
  '/console/directory/roles': 'role:read',
  '/console/directory/tags': 'directory:read',
  '/console/help-desk': 'help-desk:read',
  '/console/help-desk/$id': 'help-desk:read',
  '/console/messages': 'message:read',
  '/console/messages/announcements': 'app:read',
  '/console/messages/chats': 'message:read',
  '/console/messages/robots': 'message:read',
  '/console/messages/send': 'message:send',
  '/console/messages/settings': 'message:read',
  '/console/messages/templates': 'message:read',
  '/console/messages/types': 'message:read',
  '/console/messages/types/$id/{-$tab}': 'message:read',
  '/console/official': 'official:read',
  '/console/official/accounts/$id/{-$tab}': 'official:read',
  '/console/official/conversations': 'conversation:read',
  '/console/official/drafts': 'official:read',
  '/console/official/followers': 'follower:read',
  '/console/official/mass': 'official:read',
  '/console/official/menu': 'official:read',
  '/console/official/overview': 'official:read',
  '/console/official/pushes': 'official:inspect',
  '/console/official/replies': 'official:read',
  '/console/official/templates': 'official:read',
  '/console/payments/bills': 'payment:read',
  '/console/payments/bills/import': 'payment:bill',
  '/console/payments/merchants': 'merchant:read',
  '/console/payments/merchants/$id/{-$tab}': 'merchant:read',
  '/console/payments/notifications': 'payment:ledger',
  '/console/payments/reconciliation': 'payment:ledger',
  '/console/payments/refunds': 'payment:ledger',
  '/console/start': 'corp:read',
  '/console/sync': 'sync:read',
  '/console/sync/events': 'sync:inspect',
  '/console/sync/runs/$id': 'sync:read',
  '/console/system/admin-tokens': 'role:read',
  '/console/system/audit': 'audit:read',
  '/console/system/audit/integrity': 'audit:read',
  '/console/system/compliance': 'audit:read',
  '/console/system/corps': 'corp:edit',
  '/console/system/corps/agents': 'agent:read',
  '/console/system/corps/agents/$id/{-$tab}': 'agent:read',
  '/console/system/corps/look': 'corp:read',
  '/console/system/corps/settings': 'corp:edit',
  '/console/system/features': 'corp:read',
  '/console/system/forwarding': 'audit:read',
  '/console/system/personal': 'person:read',
  '/console/system/protection': 'sign-in:read',
  '/console/system/sessions': 'sign-in:log',
  '/console/system/sign-in-ways': 'sign-in:read',
  '/console/system/sign-ins': 'sign-in:log',
  '/console/system/three': 'three:read',
  '/console/todos': 'todo:read',
  '/console/todos/delegations': 'todo:read',
  '/console/todos/settings': 'todo:read',
  '/console/todos/sources': 'todo:read',
  '/console/todos/unrecognised': 'todo:read',
}

/** They show what a role for single apps and developers reaches. */
const ofApps: readonly string[] = [
  '/console/apps',
  '/console/apps/$id/{-$tab}',
  '/console/apps/developers',
  '/console/apps/developers/$id/{-$tab}',
]

/** Whether an own role opens a page, by the widest range in which it has the page's point. */
export function opens(
  points: Readonly<Record<string, 'corp' | 'departments' | 'apps'>>,
  path: string,
  isLimited: boolean,
): boolean {
  const point = ofPages[path]
  const range = point && points[point]
  if (range === undefined) return false
  if (path === '/console' || range === 'corp') return true
  return range === 'departments' ? isLimited : ofApps.includes(path)
}
