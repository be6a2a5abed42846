import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Apps } from '../apps/catalog.ts'
import { adminAgentMenu, adminPublishAgentMenu, adminPullAgentMenu } from './admin/menu-calls.ts'
import { type Agents, createAgents } from './callbacks/callbacks.ts'
import { agentSealed } from './callbacks/sealed.ts'
import { agentMenuCommands } from './commands/menu.ts'
import * as agentMenu from './menus/menu-calls.ts'
import { agentCallback } from './pushes/callback.ts'
import { handleHeard } from './pushes/work.ts'
import { agentRetention } from './retention.ts'

type Needs = Core & { apps: Apps; corps: Corps; inbox: Inbox; offered: Offered; queue: Queue }
type Made = { agents: Agents }

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
  ],
  pushes: [agentCallback],
  commands: agentMenuCommands,
  commandGroups: { 'agent menu': '应用的菜单' },
  tables: agentRetention,
  sealed: agentSealed,
  create: ctx => ({ agents: createAgents(ctx) }),
  readers: ({ agents }) => [agents],
  work: handleHeard,
})
