import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, type Io } from '../../../platform/command/command.ts'
import { expectNode, follow, here } from '../../../platform/command/node-work.ts'
import { choice, list, requiredText, text } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatMoney } from '../../../platform/format.ts'
import { anyChannelNames, channelNames } from '../../channels/channels.ts'
import { type ChannelState, type ChannelStatesNeeds, channelStates } from '../console/channel-states.ts'
import { findOfCorp, statusOf } from '../fate/status.ts'
import { answerIn, sendTrial, type Trial, type TrialNeeds } from '../trial/trial.ts'

const contentParts = {
  agentId: text('--agent <agentId>', '企业微信应用，默认消息中心的'),
  templateId: text('--template <id>', '短信模板'),
  params: list('--params <values>', '短信模板变量，逗号分隔'),
}

export const testMessage = directoryCommand({
  path: 'message test',
  point: 'message:send',
  summary: '由节点向一名成员发送测试消息，显示上游的真实应答',
  parts: {
    userId: requiredText('<userId>', '成员 userId'),
    corp: corpPart,
    channel: choice('--channel <channel>', '渠道，默认 wecom', channelNames),
    ...contentParts,
    here,
  },
  run: (ctx: TrialNeeds, { userId, channel = channelNames[0]!, ...given }, io) =>
    tried(ctx, { ...given, channel, userId }, io),
})

const test = directoryCommand({
  path: 'channel test',
  point: 'message:send',
  summary: '由节点经一个渠道发送测试消息，显示上游的真实应答',
  parts: {
    channel: choice('<channel>', '渠道', anyChannelNames),
    corp: corpPart,
    userId: text('--to <userId>', '发给成员'),
    address: text('--address <address>', '发给不是成员的邮箱或手机号'),
    placeId: text('--place <id>', '发给群机器人等，写它的 id'),
    ...contentParts,
    here,
  },
  run: (ctx: TrialNeeds, { channel = channelNames[0]!, ...given }, io) =>
    tried(ctx, { ...given, channel }, io),
})

type TrialInput = Omit<Trial, 'given' | 'tried' | 'settings' | 'nameOf' | 'place'> & {
  corp: string | undefined
  here: boolean
  templateId: string | undefined
  params: string[] | undefined
}

async function tried(
  ctx: TrialNeeds,
  { corp, here: isHere, templateId, params, ...given }: TrialInput,
  io: Io,
): Promise<{ data: object; text: string; failed: boolean }> {
  const corpId = corpOf(ctx, corp)
  await expectNode(ctx, { stream: 'messages', corpId }, { here: isHere, wait: true }, io)
  if (isHere) ctx.dispatcher.start()
  const result = await sendTrial(ctx, actor, corpId, {
    ...given,
    given: givenOnly({ templateId, params }),
    tried: msgId => follow(ctx, io, () => look(ctx, corpId, msgId), { here: isHere }).then(() => undefined),
  })
  const data = { ...result, answers: result.answers.map(one => answerIn('zh', one)) }
  const words = [`${data.status} ${data.msgId}`, ...data.answers].join('\n')
  return { data, text: words, failed: data.status === 'failed' }
}

/** A message that is held back, for the night or beyond the day's number, is not tried before its time. */
async function look(ctx: Core, corpId: string, msgId: string): Promise<{ line: string; end?: true }> {
  const { status, heldUntil, attempts } = await statusOf(ctx, await findOfCorp(ctx, corpId, msgId), 'zh')
  const isOver = status !== 'queued' || attempts.length > 0 || heldUntil !== ''
  return { line: `${msgId} 等待节点发送`, ...(isOver && { end: true }) }
}

const stateWords = {
  ready: '可以使用',
  testFailed: '最近的测试失败',
  missing: '还缺',
  off: '功能未开启',
} satisfies Record<ChannelState['state'], string>

const listCommand = command({
  path: 'channel list',
  point: 'message:read',
  summary: '列出消息渠道：状态、今天的使用、费用、最近的失败',
  parts: { corp: corpPart },
  async run(ctx: ChannelStatesNeeds, { corp }) {
    const data = await channelStates(ctx, corpOf(ctx, corp), 'zh')
    const rows = data.map(({ name, label, state, missing, today, cost, lastFailure }) => [
      name,
      label,
      `${stateWords[state]}${missing}`,
      formatCount(today.messages),
      formatCount(today.troubled),
      formatCount(today.waiting),
      cost ? `${formatMoney(cost.today)} / ${formatMoney(cost.month)}` : '—',
      lastFailure ? `${when(new Date(lastFailure.at))} ${lastFailure.msgId} ${lastFailure.reason}` : '—',
    ])
    const heads = ['渠道', '名称', '状态', '今天', '未完全送达', '等待', '费用 今天 / 本月', '最近的失败']
    return { data, text: table(heads, rows) }
  },
})

export const channelStateCommands = [listCommand, test]
