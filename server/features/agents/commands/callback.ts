import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { requiredInteger, secret, text, toggle } from '../../../platform/command/parts.ts'
import { when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { wordsIn } from '../../../platform/words.ts'
import type { AgentCallback, Agents } from '../callbacks/callbacks.ts'
import { keepKeys, rotateKeys } from '../callbacks/rotate.ts'
import { callbackSettings, setUpCallback } from '../callbacks/set-callback.ts'
import { setForward, stopForward } from '../forward/set-forward.ts'

type Needs = Core & { agents: Agents; corps: Corps; outbound: Outbound }

const agentId = requiredInteger(
  '<agentId>',
  { zh: '企业微信自建应用的 AgentId', en: 'AgentId of the WeCom app' },
  agentIds,
)

function told(ctx: Needs, callback: AgentCallback) {
  const settings = callbackSettings(ctx, callback)
  const { agentId, verifiedAt, nextKeys, forwardTo } = callback
  const isRotating = nextKeys !== undefined
  const lines = [
    `URL             ${settings.url}`,
    `Token           ${settings.token}`,
    `EncodingAESKey  ${settings.encodingAesKey}`,
    isRotating
      ? said({
          zh: '以上是新的密钥，在企业微信保存之前旧的继续有效',
          en: 'These are the new keys; the old ones stay valid until WeCom saves the new ones',
        })
      : verifiedAt
        ? said({ zh: `企业微信验证于 ${when(verifiedAt)}`, en: `verified by WeCom at ${when(verifiedAt)}` })
        : said({
            zh: '企业微信还没有验证：请填到该应用的“接收消息 → 设置API接收”并保存',
            en: 'not yet verified by WeCom: enter these at 接收消息 → 设置API接收 (Receive messages → Set API) of the WeCom app and save',
          }),
    ...(forwardTo ? [said({ zh: `转发到 ${forwardTo.url}`, en: `forwarded to ${forwardTo.url}` })] : []),
    ...(forwardTo?.failing
      ? [
          said({
            zh: `转发失败：${wordsIn('zh', forwardTo.failing.problem)}`,
            en: `forwarding fails: ${wordsIn('en', forwardTo.failing.problem)}`,
          }),
        ]
      : []),
  ]
  const data = { agentId, ...settings, verifiedAt, isRotating, forwardUrl: forwardTo?.url ?? '' }
  return { data, text: lines.join('\n') }
}

const show = command({
  path: 'agent callback show',
  point: 'agent:edit',
  summary: {
    zh: '填到企业微信“接收消息 → 设置API接收”的值，以及是否已通过验证；还没有开启的先开启',
    en: 'Show what to enter at 接收消息 → 设置API接收 (Receive messages → Set API) in WeCom, and whether it is verified; it is switched on if it is off',
  },
  parts: { agentId, corp: corpPart },
  run: async (ctx: Needs, { agentId, corp }) =>
    told(ctx, await setUpCallback(ctx, actor, corpOf(ctx, corp), agentId)),
})

const rotate = command({
  path: 'agent callback rotate',
  point: 'agent:edit',
  summary: {
    zh: '更换 Token 与 EncodingAESKey；旧的一直有效，直到企业微信验证了新的',
    en: 'Replace Token and EncodingAESKey; the old ones stay valid until WeCom verifies the new ones',
  },
  parts: {
    agentId,
    corp: corpPart,
    keep: toggle('--keep', {
      zh: '放弃还没有验证的新密钥',
      en: 'drop the new keys that are not verified yet',
    }),
  },
  async run(ctx: Needs, { agentId, corp, keep }) {
    const change = keep ? keepKeys : rotateKeys
    return told(ctx, await change(ctx, actor, corpOf(ctx, corp), agentId))
  },
})

const forward = command({
  path: 'agent callback forward',
  point: 'agent:edit',
  summary: {
    zh: '把每条推送转发给原来接收消息的系统，它的应答即为给企业微信的应答',
    en: 'Forward each push to the system that received it before; its response becomes the response to WeCom',
  },
  parts: {
    agentId,
    corp: corpPart,
    url: text('--url <url>', { zh: '那个系统的 URL', en: 'URL of that system' }),
    token: secret('--token <token>', {
      zh: '那个系统的 Token；不写则沿用现有的',
      en: 'Token of that system; without it the present one stays',
    }),
    key: secret('--key <encodingAesKey>', {
      zh: '那个系统的 EncodingAESKey；不写则沿用现有的',
      en: 'EncodingAESKey of that system; without it the present one stays',
    }),
    stop: toggle('--stop', { zh: '停止转发', en: 'stop forwarding' }),
  },
  async run(ctx: Needs, { agentId, corp, url, token, key, stop }) {
    if ((url === undefined) !== stop)
      throw new UsageError({ zh: '--url 与 --stop 须给出且只给出一个', en: 'give one of --url and --stop' })
    const agent = { corpId: corpOf(ctx, corp), agentId }
    if (url === undefined) {
      await stopForward(ctx, actor, agent)
      return { data: { agentId, url: '' }, text: said({ zh: '已停止转发', en: 'forwarding has stopped' }) }
    }
    const problem = await setForward(ctx, actor, agent, { url, token, encodingAesKey: key })
    const why = problem ? said(problem) : ''
    const text = why
      ? said({
          zh: `已保存，但它没有正确应答验证：${why}`,
          en: `saved, but it did not answer the verification correctly: ${why}`,
        })
      : said({ zh: '已保存，它正确应答了验证', en: 'saved; it answered the verification correctly' })
    return { data: { agentId, url, problem: why }, text }
  },
})

export const agentCallbackCommands = [show, rotate, forward]
