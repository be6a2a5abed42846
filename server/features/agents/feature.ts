import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { type Agents, createAgents } from './callbacks/callbacks.ts'
import { agentSealed } from './callbacks/sealed.ts'
import { agentCallback } from './pushes/callback.ts'
import { handleHeard } from './pushes/work.ts'
import { agentRetention } from './retention.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; offered: Offered; queue: Queue }
type Made = { agents: Agents }

/** What agents hear: what people write to them and do with them, and what WeCom tells of them. */
export const agentsFeature = feature<Needs, Made>()({
  name: 'agents',
  pushes: [agentCallback],
  tables: agentRetention,
  sealed: agentSealed,
  create: ctx => ({ agents: createAgents(ctx) }),
  readers: ({ agents }) => [agents],
  work: handleHeard,
})
