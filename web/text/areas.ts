import type { text as agentMenu } from './zh/agent-menu.ts'
import type { text as agentReplies } from './zh/agent-replies.ts'
import type { text as agents } from './zh/agents.ts'
import type { text as alerts } from './zh/alerts.ts'
import type { text as announcements } from './zh/announcements.ts'
import type { text as appSignIn } from './zh/app-sign-in.ts'
import type { text as approvals } from './zh/approvals.ts'
import type { text as apps } from './zh/apps.ts'
import type { text as backups } from './zh/backups.ts'
import type { text as branding } from './zh/branding.ts'
import type { text as cardAnswers } from './zh/card-answers.ts'
import type { text as cards } from './zh/cards.ts'
import type { text as common } from './zh/common.ts'
import type { text as compat } from './zh/compat.ts'
import type { text as console } from './zh/console.ts'
import type { text as corpLifecycle } from './zh/corp-lifecycle.ts'
import type { text as corps } from './zh/corps.ts'
import type { text as deleted } from './zh/deleted.ts'
import type { text as developerOwners } from './zh/developer-owners.ts'
import type { text as developers } from './zh/developers.ts'
import type { text as devices } from './zh/devices.ts'
import type { text as directory } from './zh/directory.ts'
import type { text as emergency } from './zh/emergency.ts'
import type { text as external } from './zh/external.ts'
import type { text as groupChats } from './zh/group-chats.ts'
import type { text as groupRobots } from './zh/group-robots.ts'
import type { text as groups } from './zh/groups.ts'
import type { text as helpDesk } from './zh/help-desk.ts'
import type { text as importing } from './zh/import.ts'
import type { text as integrity } from './zh/integrity.ts'
import type { text as ldap } from './zh/ldap.ts'
import type { text as limits } from './zh/limits.ts'
import type { text as menus } from './zh/menus.ts'
import type { text as messageChoices } from './zh/message-choices.ts'
import type { text as messageMarks } from './zh/message-marks.ts'
import type { text as messageTypes } from './zh/message-types.ts'
import type { text as messageWhy } from './zh/message-why.ts'
import type { text as messages } from './zh/messages.ts'
import type { text as mobile } from './zh/mobile.ts'
import type { text as objects } from './zh/objects.ts'
import type { text as official } from './zh/official.ts'
import type { text as officialConversations } from './zh/official-conversations.ts'
import type { text as officialDrafts } from './zh/official-drafts.ts'
import type { text as officialFollowers } from './zh/official-followers.ts'
import type { text as officialMass } from './zh/official-mass.ts'
import type { text as officialMedia } from './zh/official-media.ts'
import type { text as officialMenu } from './zh/official-menu.ts'
import type { text as officialPushes } from './zh/official-pushes.ts'
import type { text as officialReplies } from './zh/official-replies.ts'
import type { text as officialTemplates } from './zh/official-templates.ts'
import type { text as operator } from './zh/operator.ts'
import type { text as overview } from './zh/overview.ts'
import type { text as ownMessages } from './zh/own-messages.ts'
import type { text as ownRoles } from './zh/own-roles.ts'
import type { text as pay } from './zh/pay.ts'
import type { text as paymentsBills } from './zh/payments-bills.ts'
import type { text as paymentsMerchants } from './zh/payments-merchants.ts'
import type { text as paymentsNotifications } from './zh/payments-notifications.ts'
import type { text as paymentsReconciliation } from './zh/payments-reconciliation.ts'
import type { text as paymentsRefunds } from './zh/payments-refunds.ts'
import type { text as personal } from './zh/personal.ts'
import type { text as personalData } from './zh/personal-data.ts'
import type { text as portal } from './zh/portal.ts'
import type { text as protection } from './zh/protection.ts'
import type { text as pushes } from './zh/pushes.ts'
import type { text as requests } from './zh/requests.ts'
import type { text as sendApproval } from './zh/send-approval.ts'
import type { text as siem } from './zh/siem.ts'
import type { text as signIn } from './zh/sign-in.ts'
import type { text as signIns } from './zh/sign-ins.ts'
import type { text as sources } from './zh/sources.ts'
import type { text as start } from './zh/start.ts'
import type { text as sync } from './zh/sync.ts'
import type { text as system } from './zh/system.ts'
import type { text as three } from './zh/three.ts'
import type { text as todoConsole } from './zh/todo-console.ts'
import type { text as todoSources } from './zh/todo-sources.ts'
import type { text as todos } from './zh/todos.ts'
import type { text as trial } from './zh/trial.ts'
import type { text as webhooks } from './zh/webhooks.ts'
import type { text as wecomCard } from './zh/wecom-card.ts'

/** Every area has a file in zh/, which defines the keys, and a file in en/ with the same keys. */
export type Areas = {
  'agent-menu': typeof agentMenu
  'agent-replies': typeof agentReplies
  agents: typeof agents
  alerts: typeof alerts
  announcements: typeof announcements
  'app-sign-in': typeof appSignIn
  apps: typeof apps
  backups: typeof backups
  branding: typeof branding
  'card-answers': typeof cardAnswers
  cards: typeof cards
  common: typeof common
  compat: typeof compat
  console: typeof console
  'corp-lifecycle': typeof corpLifecycle
  corps: typeof corps
  deleted: typeof deleted
  'developer-owners': typeof developerOwners
  developers: typeof developers
  approvals: typeof approvals
  devices: typeof devices
  directory: typeof directory
  external: typeof external
  groups: typeof groups
  'group-chats': typeof groupChats
  'group-robots': typeof groupRobots
  'help-desk': typeof helpDesk
  import: typeof importing
  emergency: typeof emergency
  integrity: typeof integrity
  ldap: typeof ldap
  limits: typeof limits
  menus: typeof menus
  'message-choices': typeof messageChoices
  'message-types': typeof messageTypes
  'message-why': typeof messageWhy
  'send-approval': typeof sendApproval
  messages: typeof messages
  mobile: typeof mobile
  objects: typeof objects
  official: typeof official
  'official-followers': typeof officialFollowers
  'official-drafts': typeof officialDrafts
  'official-mass': typeof officialMass
  'official-media': typeof officialMedia
  'official-conversations': typeof officialConversations
  'official-menu': typeof officialMenu
  'official-pushes': typeof officialPushes
  'official-replies': typeof officialReplies
  'official-templates': typeof officialTemplates
  operator: typeof operator
  overview: typeof overview
  'own-messages': typeof ownMessages
  'own-roles': typeof ownRoles
  'message-marks': typeof messageMarks
  'payments-bills': typeof paymentsBills
  personal: typeof personal
  'personal-data': typeof personalData
  'payments-notifications': typeof paymentsNotifications
  'payments-refunds': typeof paymentsRefunds
  'payments-reconciliation': typeof paymentsReconciliation
  pay: typeof pay
  'payments-merchants': typeof paymentsMerchants
  portal: typeof portal
  protection: typeof protection
  pushes: typeof pushes
  requests: typeof requests
  'sign-in': typeof signIn
  'sign-ins': typeof signIns
  start: typeof start
  siem: typeof siem
  sync: typeof sync
  system: typeof system
  'todo-console': typeof todoConsole
  sources: typeof sources
  'todo-sources': typeof todoSources
  three: typeof three
  todos: typeof todos
  trial: typeof trial
  webhooks: typeof webhooks
  'wecom-card': typeof wecomCard
}
