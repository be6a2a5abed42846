import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Apps } from '../apps/catalog.ts'
import { createBooks } from '../auto-replies/books.ts'
import { adminAgentMenu, adminPublishAgentMenu, adminPullAgentMenu } from './admin/menu-calls.ts'
import { type Agents, createAgents } from './callbacks/callbacks.ts'
import { agentSealed } from './callbacks/sealed.ts'
import { agentMenuCommands } from './commands/menu.ts'
import { agentRuleCommands } from './commands/rules.ts'
import * as agentMenu from './menus/menu-calls.ts'
import { agentCallback } from './pushes/callback.ts'
import { handleHeard } from './pushes/work.ts'
import type { AgentReplies } from './replies/agent-rules.ts'
import type { Content } from './replies/content.ts'
import { agentFiles } from './replies/files.ts'
import * as agentFlows from './replies/flow-calls.ts'
import * as agentRules from './replies/rule-calls.ts'
import { handleSends, settleRestored } from './replies/sends.ts'
import { handleTimeOuts } from './replies/time-outs.ts'
import { agentRetention } from './retention.ts'

type Needs = Core & { apps: Apps; corps: Corps; inbox: Inbox; offered: Offered; queue: Queue }
type Made = { agentReplies: AgentReplies; agents: Agents }

/** What agents hear: what people write to them and do with them, and what WeCom tells of them. */
export const agentsFeature = feature<Needs, Made>()({
  name: 'agents',
  adminCalls: [adminAgentMenu, adminPullAgentMenu, adminPublishAgentMenu],
  pageCalls: [
    agentMenu.getAgentMenu,
    agentMenu.saveAgentMenu,
    agentMenu.publishAgentMenu,
    agentMenu.withdrawAgentMenu,
    agentMenu.pullAgentMenu,
    agentMenu.rollBackAgentMenu,
    agentMenu.agentMenuVersions,
    agentRules.listAgentRules,
    agentRules.getAgentRule,
    agentRules.saveAgentRule,
    agentRules.removeAgentRule,
    agentFlows.listAgentFlows,
    agentFlows.saveAgentFlow,
    agentFlows.removeAgentFlow,
    agentFlows.simulateAgentReply,
  ],
  pushes: [agentCallback],
  commands: [...agentMenuCommands, ...agentRuleCommands],
  commandGroups: { 'agent menu': '应用的菜单', 'agent rule': '应用的自动回复规则' },
  tables: agentRetention,
  sealed: agentSealed,
  files: agentFiles,
  restored: settleRestored,
  create: ctx => ({ agentReplies: createBooks<Content>(ctx, 'agents'), agents: createAgents(ctx) }),
  readers: ({ agentReplies, agents }) => [agentReplies, agents],
  work(ctx) {
    handleHeard(ctx)
    handleSends(ctx)
    handleTimeOuts(ctx)
  },
})
