import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Attention } from '../../platform/manifest/attention.ts'
import type { Setups } from './channels/channel.ts'
import { messagesPerDay } from './fate/fate-store.ts'
import { hasReadyChannel } from './settings/settings.ts'

const lookedAtDays = 3

export async function messageAttention(
  ctx: Core & { corps: Corps; messageSettings: Setups },
  corpId: string,
): Promise<Attention[]> {
  const found: Attention[] = []
  if (!hasReadyChannel(ctx, corpId))
    found.push({
      kind: 'noChannel',
      severity: 'warn',
      title: { zh: '还没有可用的消息渠道', en: 'No message channel yet' },
      hint: {
        zh: '配置企业微信应用、邮件或短信后，应用才能给成员发消息。',
        en: 'With a WeCom agent, mail or SMS configured, apps can send messages.',
      },
      act: { zh: '去配置', en: 'Configure' },
      path: '/console/messages/settings',
    })
  const days = await messagesPerDay(ctx.db, corpId, lookedAtDays, ctx.now())
  const troubled = days.reduce((sum, day) => sum + day.troubled, 0)
  if (troubled > 0)
    found.push({
      kind: 'troubledMessages',
      severity: 'warn',
      title: {
        zh: `近 ${lookedAtDays} 天有 ${troubled} 条消息没有完全送达`,
        en: `${troubled} ${troubled === 1 ? 'message' : 'messages'} of the last ${lookedAtDays} days did not reach everybody`,
      },
      hint: {
        zh: '包括明确失败的，以及结果未知、需要人来决定是否重发的。',
        en: 'Clear failures, and unknown ones where somebody must decide about sending again.',
      },
      act: { zh: '查看消息', en: 'See messages' },
      path: '/console/messages',
    })
  return found
}
