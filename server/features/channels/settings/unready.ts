import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { UnreadyStep } from '../../../platform/manifest/setup/unready.ts'
import type { Channel, Setups } from '../channel.ts'
import { channelList } from '../channels.ts'
import { isReady } from './settings.ts'

type Needs = { corps: Corps; messageSettings: Setups }

/** Channels that the corp has begun to set up, and that cannot send yet. Calls that send by one are refused with 1008. */
export function channelsUnready(ctx: Needs, corpId: string): UnreadyStep[] {
  return channelList.flatMap(([name, { label, feature, settings }]: readonly [string, Channel]) => {
    const setup = ctx.messageSettings.setupOf(corpId, name)
    const isBegun = settings.isBegun?.(setup) ?? setup.settings !== undefined
    if (!isBegun || isReady(ctx, corpId, name as never) || (feature && !isOn(ctx, corpId, feature))) return []
    const { takes } = settings
    return [
      {
        subject: name,
        title: { zh: `${label.zh}渠道还没有配置完`, en: `The channel ${label.en} is not set up completely` },
        what: {
          zh: `成员收不到经${label.zh}发送的消息，发送时返回 1008。`,
          en: `Nothing is sent by ${label.en}; calls that send by it are answered with 1008.`,
        },
        fix: {
          zh: `请到「消息中心 → 渠道」设置${takes.zh}，并发一条测试消息。`,
          en: `Set up ${takes.en} in Message centre → Channels, and send a test message.`,
        },
        act: { zh: '继续配置', en: 'Set it up' },
        path: '/console/messages/settings',
      },
    ]
  })
}
