import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { requiredInteger } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { listed, listParts, replayed, replayParts } from '../../../platform/inbox/push-commands.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { agentPushes } from '../pushes/pushes.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const agentId = requiredInteger(
  '<agentId>',
  { zh: '企业微信自建应用的 AgentId', en: 'AgentId of the WeCom app' },
  agentIds,
)

const pushes = command({
  path: 'agent pushes',
  point: 'agent:inspect',
  summary: {
    zh: '企业微信最近推送给应用的消息和事件，以及处理结果',
    en: 'List what WeCom last pushed to a WeCom app, messages and events, and what came of it',
  },
  parts: { agentId, corp: corpPart, ...listParts },
  run: async (ctx: Needs, { agentId, corp, ...given }) =>
    listed(ctx, agentPushes, { corpId: corpOf(ctx, corp), agentId }, given, { zh: '成员', en: 'Member' }),
})

const replay = command({
  path: 'agent replay',
  point: 'agent:edit',
  summary: {
    zh: '重新处理应用的一条推送，或全部搁置的；不会再次应答或转发，开发者会以原编号再收到一次',
    en: 'Process a push to a WeCom app again, or all parked ones; it is not answered or forwarded again, and developers receive it once more with its id',
  },
  parts: { agentId, ...replayParts, corp: corpPart },
  run: async (ctx: Needs, { agentId, corp, ...given }) =>
    replayed(ctx, agentPushes, actor, { corpId: corpOf(ctx, corp), agentId }, given),
})

export const agentPushCommands = [pushes, replay]
