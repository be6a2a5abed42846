import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Attention, CorpAttention } from '../../platform/manifest/attention.ts'
import type { Setups } from '../channels/channel.ts'
import { hasReadyChannel } from '../channels/settings/settings.ts'
import { firstOf, type TroubledCount, troubledMessages } from './fate/fate-store.ts'
import { keptCounts } from './fate/kept-counts.ts'

const lookedAtDays = 3

const countings = new WeakMap<object, ReturnType<typeof keptCounts<TroubledCount>>>()

/** Each node keeps for itself what it counted: every message of three days is looked at, and pages ask again after each act. */
function countingOf(ctx: Core) {
  return countings.getOrInsertComputed(ctx.db, () =>
    keptCounts(
      corpIds => troubledMessages(ctx.db, corpIds, lookedAtDays, ctx.now()),
      () => performance.now(),
    ),
  )
}

export async function messageAttention(
  ctx: Core & { corps: Corps; messageSettings: Setups },
  corpIds: readonly string[],
): Promise<CorpAttention[]> {
  const without = corpIds.filter(corpId => !hasReadyChannel(ctx, corpId))
  const found = await countingOf(ctx)(corpIds)
  const from = firstOf(lookedAtDays, ctx.now())
  return [
    ...without.map(corpId => ({ corpId, ...noChannel })),
    ...[...found].map(([corpId, { count, oldestAt }]) => ({ corpId, ...troubled(count, oldestAt, from) })),
  ]
}

const noChannel: Attention = {
  kind: 'noChannel',
  severity: 'warn',
  since: null,
  title: { zh: '还没有可用的消息渠道', en: 'No message channel yet' },
  what: {
    zh: '应用还不能给成员发消息，平台也不能把提醒发给管理员。',
    en: 'Apps cannot send messages to members, and administrators cannot be told of alerts.',
  },
  fix: {
    zh: '请到「消息中心 → 渠道」设置企业微信应用、邮件或短信，并发一条测试消息。',
    en: 'Set up a WeCom agent, mail or SMS in Message centre → Channels, and send a test message.',
  },
  act: { zh: '去配置', en: 'Configure' },
  path: '/console/messages/settings',
}

function troubled(count: number, oldestAt: Date, from: Date): Attention {
  return {
    kind: 'troubledMessages',
    severity: 'warn',
    since: oldestAt,
    title: {
      zh: `近 ${lookedAtDays} 天有 ${count} 条消息没有完全送达`,
      en: `${count} ${count === 1 ? 'message' : 'messages'} of the last ${lookedAtDays} days did not reach everybody`,
    },
    what: {
      zh: '包括明确失败的，以及结果未知、需要人来决定是否重发的。',
      en: 'Clear failures, and unknown ones where somebody must decide about sending again.',
    },
    fix: {
      zh: '请在消息列表中查看原因，处理后重发；重发成功的不再计入。',
      en: 'See why in the list of messages, mend it and send again; what then arrives counts no more.',
    },
    act: { zh: '查看消息', en: 'See messages' },
    path: `/console/messages?${new URLSearchParams({ state: 'troubled', from: from.toISOString() })}`,
  }
}
