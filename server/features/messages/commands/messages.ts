import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
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
const msgId = requiredText('<msgId>', { zh: '消息 id', en: 'message id' })

const listAll = command({
  path: 'message list',
  point: 'message:read',
  summary: {
    zh: '列出最近的消息，可按收件成员、状态和时间查找',
    en: 'List the latest messages, and find them by receiver, state and time',
  },
  details: {
    zh: `状态是 ${states.join('、')}，可写几个，以逗号分隔。按收件成员或状态查找时，只看其他条件内最近的 ${lookedAtMost} 条。`,
    en: `The states are ${states.join(', ')}; several are separated by commas. A search by receiver or state looks only at the latest ${lookedAtMost} messages that meet the other conditions.`,
  },
  parts: {
    corp: corpPart,
    receiver: text('--to <userId>', { zh: '收件成员', en: 'member who receives it' }),
    state: list('--state <states>', {
      zh: '状态，例如 failed,partial',
      en: 'states, such as failed,partial',
    }),
    from: time('--since <time>', { zh: '从何时，例如 2026-11-01', en: 'from when, such as 2026-11-01' }),
    limit: integerOr(20, '--limit <n>', { zh: '条数', en: 'how many' }, { min: 1, max: 1000 }),
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
        const { status, receivers } = await statusOf(ctx, one, commandLanguage())
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
    return {
      data,
      text: table(
        [
          { zh: '时间', en: 'Time' },
          { zh: '消息', en: 'Message' },
          { zh: '渠道', en: 'Channels' },
          { zh: '应用', en: 'App' },
          { zh: '状态', en: 'State' },
          { zh: '送达', en: 'Delivered' },
        ],
        rows,
      ),
    }
  },
})

const show = command({
  path: 'message show',
  point: 'message:read',
  summary: {
    zh: '消息的时间线: 每次尝试与上游的应答，未送达者及原因',
    en: 'Show the timeline of a message: each attempt with the response of the vendor, and who did not get it and why',
  },
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const data = await statusOf(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), commandLanguage())
    const { receivers } = data
    const words = [
      facts([
        [{ zh: '状态', en: 'State' }, data.status],
        [{ zh: '渠道', en: 'Channels' }, data.channel],
        [{ zh: '接受', en: 'Accepted' }, data.createdAt],
        [
          { zh: '收件人', en: 'Receivers' },
          {
            zh: `共 ${formatCount(receivers.total)}，已发 ${formatCount(receivers.sent)}，等待 ${formatCount(receivers.waiting)}，失败 ${formatCount(receivers.failed)}，不明 ${formatCount(receivers.unknown)}`,
            en: `${formatCount(receivers.total)} in all, ${formatCount(receivers.sent)} sent, ${formatCount(receivers.waiting)} waiting, ${formatCount(receivers.failed)} failed, ${formatCount(receivers.unknown)} unknown`,
          },
        ],
        [
          { zh: '打开过', en: 'Opened' },
          {
            zh: `${formatCount(data.read)} 人，确认收到 ${formatCount(data.acknowledged)} 人`,
            en: `${formatCount(data.read)} members, confirmed by ${formatCount(data.acknowledged)}`,
          },
        ],
        [{ zh: '推迟到', en: 'Deferred until' }, data.heldUntil || '—'],
      ]),
      table(
        [
          { zh: '时间', en: 'Time' },
          { zh: '用时', en: 'Took' },
          { zh: '结果', en: 'result' },
          { zh: '应答', en: 'Response' },
        ],
        data.attempts.map(one => [one.at, said(formatDuration(one.ms)), one.outcome, one.answer]),
      ),
      table(
        [
          { zh: '成员', en: 'Member' },
          { zh: '状态', en: 'State' },
          { zh: '原因', en: 'Reason' },
        ],
        data.failed.map(one => [one.userId, one.state, one.reason]),
        { zh: '没有未送达的成员', en: 'everyone got it' },
      ),
    ]
    return { data, text: words.join('\n\n') }
  },
})

const why = directoryCommand({
  path: 'message why',
  point: 'message:read',
  summary: {
    zh: '一条消息对一个人做过的决定与结果: 为什么等待、不发、通过哪个渠道',
    en: 'Show what was decided about a message to one person and what came of it: why it waits, is not sent, or went by which channel',
  },
  parts: {
    id: msgId,
    userId: requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' }),
    corp: corpPart,
  },
  async run(ctx: Needs & WaitingNeeds, { id, userId, corp }) {
    const corpId = corpOf(ctx, corp)
    const message = await findOfCorp(ctx, corpId, id)
    const data = await whyOfReceiver(ctx, message, receiverOf(ctx, corpId, userId), commandLanguage())
    const rows = whyView(data, commandLanguage()).steps.map(one => [
      when(new Date(one.at)),
      one.via || '—',
      one.digest === undefined
        ? one.said
        : said({ zh: `${one.said}（合并发送 ${one.digest}）`, en: `${one.said} (digest ${one.digest})` }),
      one.until ? when(new Date(one.until)) : '—',
    ])
    const steps = table(
      [{ zh: '时间', en: 'Time' }, { zh: '渠道', en: 'Channels' }, '', { zh: '直到', en: 'until' }],
      rows,
    )
    const { collected = [] } = data
    return {
      data,
      text:
        collected.length > 0
          ? said({
              zh: `${steps}\n\n合并发送了：${collected.join(' ')}`,
              en: `${steps}\n\nthe digest contained: ${collected.join(' ')}`,
            })
          : steps,
    }
  },
})

const again = command({
  path: 'message resend',
  point: 'message:send',
  summary: {
    zh: '向未送达或无法确认的成员再发一次',
    en: 'Send again to members who did not get the message or may not have got it',
  },
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const done = await resend(ctx, actor, corpOf(ctx, corp), id)
    return {
      data: done,
      text: said({
        zh: `将再次发送给 ${formatCount(done.receivers)} 人`,
        en: `${formatCount(done.receivers)} members get it again`,
      }),
    }
  },
})

const back = command({
  path: 'message recall',
  point: 'message:send',
  summary: { zh: '撤回消息', en: 'Recall a message' },
  parts: { id: msgId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const done = await recall(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), actor)
    return {
      data: done,
      text: said({ zh: `已撤回 ${done.recalled} 批`, en: `recalled ${done.recalled} batches` }),
    }
  },
})

const urging = directoryCommand({
  path: 'message urge',
  point: 'message:send',
  summary: {
    zh: '催办：提醒还没有确认收到（或没有打开）的人，每人最多 3 次，间隔至少 30 分钟',
    en: 'Remind those who have not confirmed (or opened) a message, at most 3 times each, at least 30 minutes apart',
  },
  parts: { id: msgId, corp: corpPart },
  async run(ctx: UrgeNeeds, { id, corp }) {
    const done = await urge(ctx, await findOfCorp(ctx, corpOf(ctx, corp), id), actor)
    const left =
      done.left > 0
        ? said({
            zh: `，另有 ${formatCount(done.left)} 人这次没有提醒`,
            en: `; ${formatCount(done.left)} more are not reminded this time`,
          })
        : ''
    return {
      data: done,
      text: said({
        zh: `已提醒 ${formatCount(done.receivers)} 人${left}：${done.msgId}`,
        en: `reminded ${formatCount(done.receivers)} members${left}: ${done.msgId}`,
      }),
    }
  },
})

export const messageCommands = [testMessage, listAll, show, why, again, back, urging]
