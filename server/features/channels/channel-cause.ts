import { credentialOwner } from '../../organisation/corps/clients/clients.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { type Words, wordsIn } from '../../platform/words.ts'
import { refusedCredentials } from '../../upstream/transport/credential-store.ts'
import type { Setups } from './channel.ts'
import { type AnyChannelName, anyChannelNames, channelOf } from './channels.ts'
import { standingRefusals } from './refusal-store.ts'
import { isReady } from './settings/settings.ts'
import { adviceOf, storedReason, wordsOf } from './telling.ts'

type Needs = Core & { corps: Corps; messageSettings: Setups }

/** `agent` is '' for a channel without agents. `reason` as it is stored about the message. */
export const channelRefused: Cause<Needs, { channel: AnyChannelName; agent: string; reason: string }> = {
  async find(ctx) {
    const secrets = await refusedCredentials(ctx.db)
    // An agent whose secret is refused is told of already.
    const hidden = new Set(secrets.map(one => `${one.corpId} ${one.owner}`))
    return {
      found: (await standingRefusals(ctx.db)).flatMap(({ corpId, channel: stored, agentId, reason }) => {
        const channel = anyChannelNames.find(name => name === stored)
        const corp = ctx.corps.find(corpId)
        // What is not configured any more is not expected to send.
        if (!channel || !corp || !isReady(ctx, corpId, channel)) return []
        const agent = corp.agents.find(one => one.agentId === agentId)
        if (agentId !== 0 && !agent) return []
        if (hidden.has(`${corpId} ${credentialOwner(`agent:${agentId}`)}`)) return []
        const subject = agent ? `${channel} ${agentId}` : channel
        return [{ corpId, subject, detail: { channel, agent: agent?.name ?? '', reason } }]
      }),
    }
  },
  tell({ channel, agent, reason: kept }) {
    const { label } = channelOf(channel)
    const reason = storedReason(kept)
    const said = wordsOf(reason)
    const advice: Words = adviceOf(channel, reason) ?? {
      zh: '请核对该渠道的配置。',
      en: "Check the channel's settings.",
    }
    const name = (words: string, [open, close]: readonly [string, string]) =>
      agent ? `${words}${open}${agent}${close}` : words
    return {
      title: {
        zh: `${name(label.zh, ['「', '」'])}渠道被拒绝`,
        en: `The channel ${name(label.en, [' "', '"'])} is refused`,
      },
      what: {
        zh: `消息发不出去：${wordsIn('zh', said)}`,
        en: `Messages cannot be sent: ${wordsIn('en', said)}`,
      },
      fix: {
        zh: `${advice.zh}改好后到「消息中心 → 渠道」发一条测试消息。`,
        en: `${advice.en} Then send a test message in Message centre → Channels.`,
      },
      path: '/console/messages/settings',
    }
  },
}
