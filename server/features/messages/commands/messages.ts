import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly } from '../../../platform/command/command.ts'
import { integerOr, list, requiredText, text, time } from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatDuration } from '../../../platform/format.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { listMessages, lookedAtMost } from '../console/console-store.ts'
import { messageFilterInput, messageFilterOf } from '../console/message-list.ts'
import { whyOfReceiver } from '../console/why-receiver.ts'
import { recall } from '../fate/recall.ts'
import { resend } from '../fate/resend.ts'
import { findOfCorp, statusOf } from '../fate/status.ts'
import { receiverOf, whyView } from '../fate/why.ts'
import { states } from '../figures/message-state-store.ts'
import { type UrgeNeeds, urge } from '../urge/urge.ts'
import type { WaitingNeeds } from '../waiting/open-call.ts'
import { testMessage } from './channels.ts'

type Needs = Core & { corps: Corps; queue: Queue }
const msgId = requiredText('<msgId>', '消息 id')

const listAll = command({
  path: 'message list',
  point: 'message:read',
  summary: '列出最近的消息，可按收件成员、状态和时间查找',
  details: `状态是 ${states.join('、')}，可写几个，以逗号分隔。按收件成员或状态查找时，只看其他条件内最近的 ${lookedAtMost} 条。`,
  parts: {
    corp: corpPart,
    receiver: text('--to <userId>', '收件成员'),
    state: list('--state <states>', '状态，例如 failed,partial'),
    from: time('--since <time>', '从何时，例如 2026-11-01'),
    limit: integerOr(20, '--limit <n>', '条数', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { corp, limit, state: asked, ...given }) {
    const corpId = corpOf(ctx, corp)
    const state = asked && messageFilterInput.state.read(asked.join(','), 'state')
    const filter = await messageFilterOf(ctx, corpId, givenOnly({ ...given, state }))
    const newest = { field: 'createdAt', descending: true } as const
    const { rows: found } = await listMessages(ctx.db, corpId, filter, newest, { offset: 0, limit })
    const data = await Promise.all(
      found.map(async ({ id }) => {
        const one = await findOfCorp(ctx, corpId, id)
        const { status, receivers } = await statusOf(ctx, one, 'zh')
        return {
          msgId: one.id,
          createdAt: one.createdAt,
          channel: one.channel,
          agentName: one.agentName,
          devId: one.devId,
          status,
          receivers,
        }
      }),
    )
    const rows = data.map(one => [
      when(one.createdAt),
      one.msgId,
      one.channel,
      one.agentName,
      one.status,
      `${formatCount(one.receivers.sent)}/${formatCount(one.receivers.total)}`,
    ])
    return { data, text: table(['时间', '消息', '渠道', '应用', '状态', '送达'], rows) }
  },
})

const show = command({
  path: 'message show',
  point: 'message:read',
  summary: '消息的时间线: 每次尝试与上游的应答，未送达者及原因',
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const data = await statusOf(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), 'zh')
    const { receivers } = data
    const words = [
      facts([
        ['状态', data.status],
        ['渠道', data.channel],
        ['接受', data.createdAt],
        [
          '收件人',
          `共 ${formatCount(receivers.total)}，已发 ${formatCount(receivers.sent)}，等待 ${formatCount(receivers.waiting)}，失败 ${formatCount(receivers.failed)}，不明 ${formatCount(receivers.unknown)}`,
        ],
        ['打开过', `${formatCount(data.read)} 人，确认收到 ${formatCount(data.acknowledged)} 人`],
        ['推迟到', data.heldUntil || '—'],
      ]),
      table(
        ['时间', '用时', '结果', '应答'],
        data.attempts.map(one => [one.at, formatDuration(one.ms).zh, one.outcome, one.answer]),
      ),
      table(
        ['成员', '状态', '原因'],
        data.failed.map(one => [one.userId, one.state, one.reason]),
        '没有未送达的成员',
      ),
    ]
    return { data, text: words.join('\n\n') }
  },
})

const why = directoryCommand({
  path: 'message why',
  point: 'message:read',
  summary: '一条消息对一个人做过的决定与结果: 为什么等待、不发、通过哪个渠道',
  parts: { id: msgId, userId: requiredText('<userId>', '成员 userId'), corp: corpPart },
  async run(ctx: Needs & WaitingNeeds, { id, userId, corp }) {
    const corpId = corpOf(ctx, corp)
    const message = await findOfCorp(ctx, corpId, id)
    const data = await whyOfReceiver(ctx, message, receiverOf(ctx, corpId, userId), 'zh')
    const rows = whyView(data, 'zh').steps.map(one => [
      when(new Date(one.at)),
      one.via || '—',
      one.digest === undefined ? one.said : `${one.said}（合并发送 ${one.digest}）`,
      one.until ? when(new Date(one.until)) : '—',
    ])
    const steps = table(['时间', '渠道', '', '直到'], rows)
    const { collected = [] } = data
    return { data, text: collected.length > 0 ? `${steps}\n\n合并发送了：${collected.join(' ')}` : steps }
  },
})

const again = command({
  path: 'message resend',
  point: 'message:send',
  summary: '向未送达或无法确认的成员再发一次',
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const done = await resend(ctx, actor, corpOf(ctx, corp), id)
    return { data: done, text: `将再次发送给 ${formatCount(done.receivers)} 人` }
  },
})

const back = command({
  path: 'message recall',
  point: 'message:send',
  summary: '撤回消息',
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const done = await recall(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), actor)
    return { data: done, text: `已撤回 ${done.recalled} 批` }
  },
})

const urging = directoryCommand({
  path: 'message urge',
  point: 'message:send',
  summary: '催办：提醒还没有确认收到（或没有打开）的人，每人最多 3 次，间隔至少 30 分钟',
  parts: { id: msgId, corp: corpPart },
  async run(ctx: UrgeNeeds, { id, corp }) {
    const done = await urge(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), actor)
    const left = done.left > 0 ? `，另有 ${formatCount(done.left)} 人这次没有提醒` : ''
    return { data: done, text: `已提醒 ${formatCount(done.receivers)} 人${left}：${done.msgId}` }
  },
})

export const messageCommands = [testMessage, listAll, show, why, again, back, urging]
