import { adminTokensFeature } from './callers/admin-tokens/feature.ts'
import { auditFeature } from './callers/audit/feature.ts'
import { consentsFeature } from './callers/consents/feature.ts'
import { developersFeature } from './callers/developers/feature.ts'
import { limitsFeature } from './callers/limits/feature.ts'
import { packetsFeature } from './callers/packets/feature.ts'
import { protectionFeature } from './callers/protection/feature.ts'
import { refusalsFeature } from './callers/refusals/feature.ts'
import { requestsFeature } from './callers/requests/feature.ts'
import { sessionsFeature } from './callers/sessions/feature.ts'
import { signInFeature } from './callers/sign-in/feature.ts'
import { signInLogFeature } from './callers/sign-in-log/feature.ts'
import { strangersFeature } from './callers/strangers/feature.ts'
import { threeAdministratorsFeature } from './callers/three-administrators/feature.ts'
import { ticketsFeature } from './callers/tickets/feature.ts'
import { agentsFeature } from './features/agents/feature.ts'
import { alertsFeature } from './features/alerts/feature.ts'
import { announcementsFeature } from './features/announcements/feature.ts'
import { appSignInFeature } from './features/app-sign-in/feature.ts'
import { approvalsFeature } from './features/approvals/feature.ts'
import { appsFeature } from './features/apps/feature.ts'
import { auditTreeFeature } from './features/audit-tree/feature.ts'
import { autoRepliesFeature } from './features/auto-replies/feature.ts'
import { backupFeature } from './features/backup/feature.ts'
import { brandingFeature } from './features/branding/feature.ts'
import { breakGlassFeature } from './features/break-glass/feature.ts'
import { cardsFeature } from './features/cards/feature.ts'
import { casFeature } from './features/cas/feature.ts'
import { channelsFeature } from './features/channels/feature.ts'
import { chatMenusFeature } from './features/chat-menus/feature.ts'
import { codesFeature } from './features/codes/feature.ts'
import { compatWecomFeature } from './features/compat-wecom/feature.ts'
import { complianceFeature } from './features/compliance/feature.ts'
import { corpLifecycleFeature } from './features/corp-lifecycle/feature.ts'
import { deletedFeature } from './features/deleted/feature.ts'
import { embeddedInboxFeature } from './features/embedded-inbox/feature.ts'
import { eventsFeature } from './features/events/feature.ts'
import { externalPeopleFeature } from './features/external-people/feature.ts'
import { groupChatsFeature } from './features/group-chats/feature.ts'
import { groupRobotsFeature } from './features/group-robots/feature.ts'
import { helpDeskFeature } from './features/help-desk/feature.ts'
import { ldapFeature } from './features/ldap/feature.ts'
import { mcpFeature } from './features/mcp/feature.ts'
import { messageChoicesFeature } from './features/message-choices/feature.ts'
import { messageListsFeature } from './features/message-lists/feature.ts'
import { messageMediaFeature } from './features/message-media/feature.ts'
import { messageTypesFeature } from './features/message-types/feature.ts'
import { messagesFeature } from './features/messages/feature.ts'
import { newDeviceFeature } from './features/new-device/feature.ts'
import { officialFeature } from './features/official/feature.ts'
import { oidcFeature } from './features/oidc/feature.ts'
import { operatorFeature } from './features/operator/feature.ts'
import { overviewFeature } from './features/overview/feature.ts'
import { passthroughFeature } from './features/passthrough/feature.ts'
import { paymentsFeature } from './features/payments/feature.ts'
import { personalDataFeature } from './features/personal-data/feature.ts'
import { quietHoursFeature } from './features/quiet-hours/feature.ts'
import { sendApprovalFeature } from './features/send-approval/feature.ts'
import { settingsFileFeature } from './features/settings-file/feature.ts'
import { siemFeature } from './features/siem/feature.ts'
import { peopleSourceFeature } from './features/source/feature.ts'
import { todoSourcesFeature } from './features/todo-sources/feature.ts'
import { todosFeature } from './features/todos/feature.ts'
import { webhooksFeature } from './features/webhooks/feature.ts'
import { corpsFeature } from './organisation/corps/feature.ts'
import { directoryFeature } from './organisation/directory/feature.ts'
import { memberGroupsFeature } from './organisation/groups/feature.ts'
import { peopleFeature } from './organisation/people/feature.ts'
import { rolesFeature } from './organisation/roles/feature.ts'
import { syncFeature } from './organisation/sync/feature.ts'
import { threeFeature } from './organisation/three/feature.ts'
import type { DocumentedEvent } from './platform/http/documents/webhooks.ts'
import type { CallsOf } from './platform/http/page-call.ts'
import type { AnyFeature } from './platform/manifest/feature.ts'
import {
  filesFeature,
  queueFeature,
  securityFeature,
  storageFeature,
  upkeepFeature,
} from './platform/manifests.ts'
import { upstreamFeature } from './upstream/transport/feature.ts'

/**
 * Everything that wisp is made of, in the order in which it is created; each gets only what comes before it, which context.ts has
 * the compiler check. A new feature is a folder with a manifest (platform/manifest/feature.ts), and a line here.
 */
export const features = [
  storageFeature,
  securityFeature,
  queueFeature,
  upstreamFeature,
  filesFeature,
  upkeepFeature,
  corpsFeature,
  directoryFeature,
  threeFeature,
  rolesFeature,
  peopleFeature,
  syncFeature,
  memberGroupsFeature,
  developersFeature,
  limitsFeature,
  requestsFeature,
  packetsFeature,
  strangersFeature,
  refusalsFeature,
  protectionFeature,
  signInLogFeature,
  sessionsFeature,
  ticketsFeature,
  signInFeature,
  adminTokensFeature,
  threeAdministratorsFeature,
  consentsFeature,
  auditFeature,
  brandingFeature,
  eventsFeature,
  webhooksFeature,
  appsFeature,
  appSignInFeature,
  oidcFeature,
  casFeature,
  announcementsFeature,
  quietHoursFeature,
  todosFeature,
  todoSourcesFeature,
  approvalsFeature,
  autoRepliesFeature,
  chatMenusFeature,
  agentsFeature,
  officialFeature,
  passthroughFeature,
  messageMediaFeature,
  channelsFeature,
  codesFeature,
  messageTypesFeature,
  sendApprovalFeature,
  messageChoicesFeature,
  groupChatsFeature,
  groupRobotsFeature,
  messageListsFeature,
  messagesFeature,
  newDeviceFeature,
  externalPeopleFeature,
  ldapFeature,
  compatWecomFeature,
  embeddedInboxFeature,
  cardsFeature,
  paymentsFeature,
  alertsFeature,
  auditTreeFeature,
  breakGlassFeature,
  siemFeature,
  peopleSourceFeature,
  operatorFeature,
  helpDeskFeature,
  mcpFeature,
  overviewFeature,
  settingsFileFeature,
  deletedFeature,
  backupFeature,
  personalDataFeature,
  corpLifecycleFeature,
  complianceFeature,
] as const

/** Any of them, for code that works with all. */
export const allFeatures: readonly AnyFeature[] = features

/** Every call of the API. */
export const endpoints = allFeatures.flatMap(one => one.calls ?? [])

/** Every call of management. */
export const adminCalls = allFeatures.flatMap(one => one.adminCalls ?? [])

/** Both for their documents, with what a corp must have switched on for each. */
export const documentedCalls = [
  ...allFeatures.flatMap(({ name, optional, calls = [] }) =>
    calls.map(one => (optional ? { ...one, feature: { name, title: optional.title } } : one)),
  ),
  ...adminCalls,
]

/** Calls of vendors that are passed on. */
export const passthroughs = allFeatures.flatMap(one => one.passthroughs ?? [])

/** What developers are told, by type, with what a corp must have switched on. */
export const documentedEvents: Readonly<Record<string, DocumentedEvent>> = Object.fromEntries(
  allFeatures.flatMap(({ name, optional, eventTypes = {} }) =>
    Object.entries(eventTypes).map(([type, one]) => [
      type,
      optional ? { ...one, feature: { name, title: optional.title } } : one,
    ]),
  ),
)

/** Everything that upstreams push. */
export const pushes = allFeatures.flatMap(one => one.pushes ?? [])

/** What a restored backup needs, of all of them. */
export const settles = allFeatures.flatMap(one => one.restored ?? [])

/** What `wisp config check` asks, of all of them. */
export const configChecks = allFeatures.flatMap(one => one.checkConfig ?? [])

/** Every call of wisp's own pages. */
export const pageCalls = allFeatures.flatMap(one => one.pageCalls ?? [])

type PagesOf<F> = F extends { pageCalls?: infer Pages } ? Pages : never
/** Input and answer of every page call by its path, as the pages see them. */
export type PageCalls = CallsOf<Extract<PagesOf<(typeof features)[number]>, readonly unknown[]>[number]>
