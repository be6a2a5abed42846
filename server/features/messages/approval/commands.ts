import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand } from '../../../platform/command/command.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { approveSend, type DecideNeeds, refuseSend } from './decide-send.ts'
import { endMessage } from './end-message.ts'
import { pauseMessage, resumeMessage } from './pause.ts'

type Needs = Core & { corps: Corps; queue: Queue }
type DecisionInput = DecideNeeds & { corps: Corps }
const parts = { id: requiredText('<msgId>', '消息 id'), corp: corpPart }

const approve = directoryCommand({
  path: 'message approve',
  point: 'message:approve',
  summary: '批准等待批准的发送；已发出的紧急消息记为已复核',
  parts,
  async run(ctx: DecisionInput, { id, corp }) {
    await approveSend(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: `已批准 ${id}` }
  },
})

const refuse = directoryCommand({
  path: 'message refuse',
  point: 'message:approve',
  summary: '拒绝等待批准的发送，发送人会看到原因',
  parts: { ...parts, reason: requiredText('<reason>', '原因') },
  async run(ctx: DecisionInput, { id, corp, reason }) {
    await refuseSend(ctx, actor, corpOf(ctx, corp), id, reason)
    return { data: { msgId: id }, text: `已拒绝 ${id}` }
  },
})

const pause = command({
  path: 'message pause',
  point: 'message:send',
  summary: '暂停等待发出的消息；已交给渠道的照常发出',
  parts,
  async run(ctx: Needs, { id, corp }) {
    await pauseMessage(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: `已暂停 ${id}` }
  },
})

const resume = command({
  path: 'message resume',
  point: 'message:send',
  summary: '继续发送暂停的消息',
  parts,
  async run(ctx: Needs, { id, corp }) {
    await resumeMessage(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: `继续发送 ${id}` }
  },
})

const end = command({
  path: 'message end',
  point: 'message:send',
  summary: '结束发送：尚未发出的不再发，已发出的不受影响',
  parts,
  async run(ctx: Needs, { id, corp }) {
    const data = await endMessage(ctx, { actor, who: '管理员' }, corpOf(ctx, corp), id)
    return { data, text: `已结束 ${id}：${formatCount(data.cancelled)} 个不再发` }
  },
})

export const heldCommands = [approve, refuse, pause, resume, end]
