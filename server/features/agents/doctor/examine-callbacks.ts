import type { Corp } from '../../../organisation/corps/corps.ts'
import { type Finding, failed, pages, passed, warning } from '../../../organisation/corps/doctor/check.ts'
import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import { lastPushesOf } from '../../../platform/inbox/push-store.ts'
import type { AgentCallback, Agents } from '../callbacks/callbacks.ts'

/** The callbacks of the corp's agents, as far as they were set up. */
export async function examineCallbacks(ctx: Core & { agents: Agents }, corp: Corp): Promise<Finding[]> {
  const callbacks = corp.agents.flatMap(({ agentId, name }) => {
    const callback = ctx.agents.callbackOf(corp.corpId, agentId)
    return callback ? [{ callback, name: name || String(agentId), account: String(agentId) }] : []
  })
  const asked = callbacks.map(({ account }) => ({ corpId: corp.corpId, account }))
  const last = await lastPushesOf(ctx.db, 'agent', asked)
  const lastOf = new Map(last.map(one => [one.account, one.at]))
  return callbacks.map(({ callback, name, account }) => judge(ctx, callback, name, lastOf.get(account)))
}

function judge({ now }: Core, callback: AgentCallback, name: string, lastAt: Date | undefined): Finding {
  const { agentId, verifiedAt, nextKeys, refused, forwardTo } = callback
  const id = `agentCallback:${agentId}`
  const title = { zh: `应用「${name}」接收消息`, en: `Callback of application "${name}"` }
  const enter = {
    zh: `请到${pages.apps.zh}打开该应用，在「接收消息 → 设置API接收」填入应用页面所示的 URL、Token 与 EncodingAESKey 并保存。`,
    en: `Open this application in ${pages.apps.en}, enter URL, Token and EncodingAESKey as they are shown on its page here at 接收消息 → 设置API接收, and save.`,
  }
  if (!verifiedAt) {
    const never = {
      zh: '企业微信还没有验证过：成员发给它的消息、按下的卡片收不到',
      en: 'WeCom has not verified it yet: what members write to it, and presses of cards, do not arrive',
    }
    return failed(id, title, never, enter)
  }
  if (refused && refused.at > (lastAt ?? verifiedAt)) {
    const why = {
      zh: `最近一次推送被拒绝：${refused.why}`,
      en: `The last push was refused: ${refused.why}`,
    }
    return failed(id, title, why, enter)
  }
  if (forwardTo?.failing) {
    const { problem } = forwardTo.failing
    return warning(id, title, {
      zh: `消息转发到 ${new URL(forwardTo.url).host} 失败：${problem.zh}`,
      en: `Passing on to ${new URL(forwardTo.url).host} fails: ${problem.en}`,
    })
  }
  if (nextKeys) {
    const waiting = {
      zh: '新的 Token 与 EncodingAESKey 还没有在企业微信保存，旧的继续有效',
      en: 'The new Token and EncodingAESKey are not saved in WeCom yet; the old ones stay good',
    }
    return warning(id, title, waiting, enter)
  }
  const age = formatDuration(now() - (lastAt ?? verifiedAt).getTime())
  return lastAt
    ? passed(id, title, {
        zh: `正常，最近一次推送在 ${age.zh}前`,
        en: `Works; the last push came ${age.en} ago`,
      })
    : passed(id, title, {
        zh: `${age.zh}前通过验证，还没有推送`,
        en: `Verified ${age.en} ago; nothing was pushed yet`,
      })
}
