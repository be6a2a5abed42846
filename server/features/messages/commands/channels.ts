import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, type Io } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
import { expectNode, follow, here } from '../../../platform/command/node-work.ts'
import { choice, list, requiredText, text } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatMoney } from '../../../platform/format.ts'
import type { Words } from '../../../platform/words.ts'
import { anyChannelNames, channelNames } from '../../channels/channels.ts'
import { type ChannelState, type ChannelStatesNeeds, channelStates } from '../console/channel-states.ts'
import { findOfCorp, statusOf } from '../fate/status.ts'
import { answerIn, sendTrial, type Trial, type TrialNeeds } from '../trial/trial.ts'

const contentParts = {
  agentId: text('--agent <agentId>', {
    zh: '企业微信应用，默认消息中心的',
    en: 'WeCom app, by default that of the message centre',
  }),
  templateId: text('--template <id>', { zh: '短信模板', en: 'SMS template' }),
  params: list('--params <values>', {
    zh: '短信模板变量，逗号分隔',
    en: 'variables of the SMS template, separated by commas',
  }),
}

export const testMessage = directoryCommand({
  path: 'message test',
  point: 'message:send',
  summary: {
    zh: '由节点向一名成员发送测试消息，显示上游的真实应答',
    en: 'Let a node send a test message to a member, and show what the vendor responds',
  },
  parts: {
    userId: requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' }),
    corp: corpPart,
    channel: choice(
      '--channel <channel>',
      { zh: '渠道，默认 wecom', en: 'channel, wecom by default' },
      channelNames,
    ),
    ...contentParts,
    here,
  },
  run: (ctx: TrialNeeds, { userId, channel = channelNames[0]!, ...given }, io) =>
    tried(ctx, { ...given, channel, userId }, io),
})

const test = directoryCommand({
  path: 'channel test',
  point: 'message:send',
  summary: {
    zh: '由节点经一个渠道发送测试消息，显示上游的真实应答',
    en: 'Let a node send a test message by a channel, and show what the vendor responds',
  },
  parts: {
    channel: choice('<channel>', { zh: '渠道', en: 'channels' }, anyChannelNames),
    corp: corpPart,
    userId: text('--to <userId>', { zh: '发给成员', en: 'send to a member' }),
    address: text('--address <address>', {
      zh: '发给不是成员的邮箱或手机号',
      en: 'send to the mail address or mobile number of someone who is no member',
    }),
    placeId: text('--place <id>', {
      zh: '发给群机器人等，写它的 id',
      en: 'send to a group robot or the like: its id',
    }),
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
  const data = { ...result, answers: result.answers.map(one => answerIn(commandLanguage(), one)) }
  const words = [`${data.status} ${data.msgId}`, ...data.answers].join('\n')
  return { data, text: words, failed: data.status === 'failed' }
}

/** A message that is held back, for the night or beyond the day's number, is not tried before its time. */
async function look(ctx: Core, corpId: string, msgId: string): Promise<{ line: string; end?: true }> {
  const { status, heldUntil, attempts } = await statusOf(
    ctx,
    await findOfCorp(ctx, corpId, msgId),
    commandLanguage(),
  )
  const isOver = status !== 'queued' || attempts.length > 0 || heldUntil !== ''
  return {
    line: said({ zh: `${msgId} 等待节点发送`, en: `${msgId} waits for a node to send it` }),
    ...(isOver && { end: true }),
  }
}

const stateWords = {
  ready: { zh: '可以使用', en: 'ready' },
  testFailed: { zh: '最近的测试失败', en: 'last test failed' },
  missing: { zh: '还缺', en: 'missing' },
  off: { zh: '功能未开启', en: 'feature is off' },
} satisfies Record<ChannelState['state'], Words>

const listCommand = command({
  path: 'channel list',
  point: 'message:read',
  summary: {
    zh: '列出消息渠道：状态、今天的使用、费用、最近的失败',
    en: 'List the message channels: state, use of today, cost, last failure',
  },
  parts: { corp: corpPart },
  async run(ctx: ChannelStatesNeeds, { corp }) {
    const data = await channelStates(ctx, corpOf(ctx, corp), commandLanguage())
    const rows = data.map(({ name, label, state, missing, today, cost, lastFailure }) => [
      name,
      label,
      `${said(stateWords[state])}${missing}`,
      formatCount(today.messages),
      formatCount(today.troubled),
      formatCount(today.waiting),
      cost ? `${formatMoney(cost.today)} / ${formatMoney(cost.month)}` : '—',
      lastFailure ? `${when(new Date(lastFailure.at))} ${lastFailure.msgId} ${lastFailure.reason}` : '—',
    ])
    const heads = [
      said({ zh: '渠道', en: 'Channels' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '今天', en: 'Today' }),
      said({ zh: '未完全送达', en: 'Not wholly delivered' }),
      said({ zh: '等待', en: 'Waits for' }),
      said({ zh: '费用 今天 / 本月', en: 'Cost of today / this month' }),
      said({ zh: '最近的失败', en: 'Last failure' }),
    ]
    return { data, text: table(heads, rows) }
  },
})

export const channelStateCommands = [listCommand, test]
