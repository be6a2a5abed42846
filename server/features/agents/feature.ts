/**
 * The folders of agents/: callbacks/ address and keys; pushes/ stored, told, replayed; forward/ to the system before; life/
 * WeCom's warnings; menus/ and replies/ on chat-menus/ and auto-replies/, which work for whatever has owners. What can be
 * answered, and all limits of a vendor, come from the owner's feature (auto-replies/owner.ts).
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { CorpCheck } from '../../organisation/corps/doctor/check.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { putMissedPushes } from '../../platform/inbox/missed-store.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Apps } from '../apps/catalog.ts'
import { createBooks } from '../auto-replies/books.ts'
import * as admin from './admin/agent-calls.ts'
import { adminAgentMenu, adminPublishAgentMenu, adminPullAgentMenu } from './admin/menu-calls.ts'
import { readHeard } from './api/event-content.ts'
import { agentEvents } from './api/event-types.ts'
import { agentMedia } from './api/media-api.ts'
import { agentValues } from './api/trial-values.ts'
import { type Agents, createAgents } from './callbacks/callbacks.ts'
import { agentSealed } from './callbacks/sealed.ts'
import { agentsTied } from './callbacks/tied.ts'
import { agentCallbackCommands } from './commands/callback.ts'
import { agentMenuCommands } from './commands/menu.ts'
import { agentPushCommands } from './commands/pushes.ts'
import { agentRuleCommands } from './commands/rules.ts'
import * as callbacks from './console/callback-calls.ts'
import { agentPushCalls } from './console/push-calls.ts'
import { examineCallbacks } from './doctor/examine-callbacks.ts'
import { agentLowActive, agentUnused } from './life/causes.ts'
import { agentMenuCalls } from './menus/menu-calls.ts'
import { agentCallback } from './pushes/callback.ts'
import {
  agentAttention,
  agentForwardFails,
  agentPushesMissed,
  agentPushesRefused,
  parkedAgentPushes,
} from './pushes/push-causes.ts'
import { handleHeard } from './pushes/work.ts'
import type { AgentReplies } from './replies/agent-rules.ts'
import type { Content } from './replies/content.ts'
import { agentFiles } from './replies/files.ts'
import { agentReplyCalls } from './replies/reply-calls.ts'
import { handleSends, settleRestored } from './replies/sends.ts'
import { handleTimeOuts } from './replies/time-outs.ts'
import { agentPersonal, agentRetention } from './retention.ts'

type Needs = Core & {
  apps: Apps
  corpChecks: readonly CorpCheck[]
  corps: Corps
  developers: Developers
  inbox: Inbox
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
}
type Services = { agentReplies: AgentReplies; agents: Agents; corpChecks: readonly CorpCheck[] }

/** What agents hear: what people write to them and do with them, and what WeCom tells of them. */
export const agentsFeature = feature<Needs, Services>()({
  name: 'agents',
  scopes: ['agent:read', 'agent:location'],
  calls: [agentMedia],
  pageCalls: [
    callbacks.showCallback,
    callbacks.setUpCallbackCall,
    callbacks.rotateCallback,
    callbacks.keepCallback,
    callbacks.saveForward,
    callbacks.endForward,
    ...agentPushCalls,
    ...agentMenuCalls,
    ...agentReplyCalls,
  ],
  adminCalls: [
    admin.adminCallback,
    admin.adminSetUpCallback,
    admin.adminRotateCallback,
    admin.adminSetForward,
    admin.adminStopForward,
    adminAgentMenu,
    adminPullAgentMenu,
    adminPublishAgentMenu,
  ],
  pushes: [agentCallback],
  commands: [...agentCallbackCommands, ...agentPushCommands, ...agentMenuCommands, ...agentRuleCommands],
  commandGroups: {
    'agent callback': {
      zh: '设置应用接收消息，更换密钥，转发推送',
      en: 'Set up how a WeCom app receives messages, replace its keys, forward its pushes',
    },
    'agent menu': { zh: '查看、拉取和发布应用的菜单', en: 'Show, pull and publish the menu of a WeCom app' },
    'agent rule': {
      zh: '添加、列出和删除应用的自动回复规则',
      en: 'Add, list and delete rules of automatic replies of a WeCom app',
    },
  },
  eventTypes: agentEvents,
  events: readHeard,
  tied: agentsTied,
  trialValues: agentValues,
  personal: agentPersonal,
  tables: agentRetention,
  sealed: agentSealed,
  files: agentFiles,
  missed: (_ctx, tx, gap) =>
    putMissedPushes(
      tx,
      gap.refused.filter(one => one.stream === 'agent'),
    ),
  restored: settleRestored,
  attention: agentAttention,
  causes: {
    agentUnused,
    agentLowActive,
    parkedAgentPushes,
    agentPushesRefused,
    agentPushesMissed,
    agentForwardFails,
  },
  create(ctx) {
    const agents = createAgents(ctx)
    const check: CorpCheck = (_, corp) => examineCallbacks({ ...ctx, agents }, corp)
    const agentReplies = createBooks<Content>(ctx, 'agents')
    return { agentReplies, agents, corpChecks: [...ctx.corpChecks, check] }
  },
  readers: ({ agentReplies, agents }) => [agentReplies, agents],
  work(ctx) {
    handleHeard(ctx)
    handleSends(ctx)
    handleTimeOuts(ctx)
  },
})
