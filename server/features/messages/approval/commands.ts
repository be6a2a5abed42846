import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { approveSend, type DecideNeeds, refuseSend } from './decide-send.ts'
import { endMessage } from './end-message.ts'
import { pauseMessage, resumeMessage } from './pause.ts'

type Needs = Core & { corps: Corps; queue: Queue }
type DecisionInput = DecideNeeds & { corps: Corps }
const parts = { id: requiredText('<msgId>', { zh: '消息 id', en: 'message id' }), corp: corpPart }

const approve = directoryCommand({
  path: 'message approve',
  point: 'message:approve',
  summary: {
    zh: '批准等待批准的发送；已发出的紧急消息记为已复核',
    en: 'Approve a message that waits for approval; an urgent one that was sent is marked as reviewed',
  },
  parts,
  async run(ctx: DecisionInput, { id, corp }) {
    await approveSend(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: said({ zh: `已批准 ${id}`, en: `approved ${id}` }) }
  },
})

const refuse = directoryCommand({
  path: 'message refuse',
  point: 'message:approve',
  summary: {
    zh: '拒绝等待批准的发送，发送人会看到原因',
    en: 'Refuse a message that waits for approval; its sender sees the reason',
  },
  parts: { ...parts, reason: requiredText('<reason>', { zh: '原因', en: 'reason' }) },
  async run(ctx: DecisionInput, { id, corp, reason }) {
    await refuseSend(ctx, actor, corpOf(ctx, corp), id, reason)
    return { data: { msgId: id }, text: said({ zh: `已拒绝 ${id}`, en: `refused ${id}` }) }
  },
})

const pause = command({
  path: 'message pause',
  point: 'message:send',
  summary: {
    zh: '暂停等待发出的消息；已交给渠道的照常发出',
    en: 'Pause a message that waits to be sent; what a channel already has is sent',
  },
  parts,
  async run(ctx: Needs, { id, corp }) {
    await pauseMessage(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: said({ zh: `已暂停 ${id}`, en: `paused ${id}` }) }
  },
})

const resume = command({
  path: 'message resume',
  point: 'message:send',
  summary: { zh: '继续发送暂停的消息', en: 'Go on sending a paused message' },
  parts,
  async run(ctx: Needs, { id, corp }) {
    await resumeMessage(ctx, actor, corpOf(ctx, corp), id)
    return { data: { msgId: id }, text: said({ zh: `继续发送 ${id}`, en: `${id} is being sent again` }) }
  },
})

const end = command({
  path: 'message end',
  point: 'message:send',
  summary: {
    zh: '结束发送：尚未发出的不再发，已发出的不受影响',
    en: 'Stop sending a message: the rest is not sent, what was sent is not affected',
  },
  parts,
  async run(ctx: Needs, { id, corp }) {
    const data = await endMessage(
      ctx,
      { actor, who: said({ zh: '管理员', en: 'administrator' }) },
      corpOf(ctx, corp),
      id,
    )
    return {
      data,
      text: said({
        zh: `已结束 ${id}：${formatCount(data.cancelled)} 个不再发`,
        en: `stopped ${id}: ${formatCount(data.cancelled)} are not sent`,
      }),
    }
  },
})

export const heldCommands = [approve, refuse, pause, resume, end]
