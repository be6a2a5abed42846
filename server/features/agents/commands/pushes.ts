import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, UsageError } from '../../../platform/command/command.ts'
import {
  anyId,
  choice,
  integer,
  integerOr,
  requiredInteger,
  toggle,
} from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { eventStates } from '../../../platform/inbox/event-list-store.ts'
import { replayChosen } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { agentPushes } from '../pushes/pushes.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const agentId = requiredInteger('<agentId>', '企业微信自建应用的 AgentId', agentIds)
const states = { pending: '待处理', done: '已处理', parked: '搁置' } as const

const pushes = command({
  path: 'agent pushes',
  summary: '企业微信最近推送给应用的消息和事件，以及处理结果',
  parts: {
    agentId,
    corp: corpPart,
    state: choice('--state <state>', '只看某种状态', eventStates),
    limit: integerOr(20, '--limit <n>', '几条', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { agentId, corp, state, limit }) {
    const agent = { corpId: corpOf(ctx, corp), agentId }
    const found = await agentPushes.pushesOf(ctx.db, agent, { state }, 'zh', { limit, offset: 0 })
    const rows = found.map(one => [
      one.id,
      when(one.receivedAt),
      one.kind,
      one.userId,
      states[one.state],
      one.attempts,
      one.error,
    ])
    const heads = ['编号', '收到', '类型', '成员', '状态', '次数', '说明']
    return { data: found, text: table(heads, rows, '没有推送') }
  },
})

const replay = command({
  path: 'agent replay',
  summary: '重新处理应用的一条推送，或全部搁置的；不会再次应答或转发，开发者会以原编号再收到一次',
  parts: {
    agentId,
    id: integer('[id]', '推送编号', anyId),
    parked: toggle('--parked', '全部搁置的推送'),
    corp: corpPart,
  },
  async run(ctx: Needs, { agentId, id, parked, corp }) {
    if ((id === undefined) !== parked) throw new UsageError('推送编号与 --parked 须给出且只给出一个')
    const agent = { corpId: corpOf(ctx, corp), agentId }
    const count =
      id === undefined
        ? await agentPushes.replayParked(ctx, actor, agent)
        : await replayChosen(ctx, agentPushes.pushReplay(ctx, actor, agent), [id])
    return { data: { count }, text: `将重新处理 ${formatCount(count)} 条推送` }
  },
})

export const agentPushCommands = [pushes, replay]
