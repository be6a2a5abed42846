import type { Corps } from '../../../organisation/corps/corps.ts'
import { pages } from '../../../organisation/corps/doctor/check.ts'
import type { TiedAddress } from '../../../platform/manifest/setup/tied.ts'
import type { Agents } from './callbacks.ts'

export const agentCallback = 'agentCallback'

/** The callbacks of agents that WeCom has verified. */
export function agentsTied(
  { agents, corps }: { agents: Agents; corps: Corps },
  corpId: string,
): TiedAddress[] {
  const verified = corps
    .get(corpId)
    .agents.filter(({ agentId }) => agents.callbackOf(corpId, agentId)?.verifiedAt)
  return verified.map(({ agentId, name }) => ({
    kind: agentCallback,
    subject: String(agentId),
    title: { zh: `应用「${name || agentId}」接收消息`, en: `Callback of application "${name || agentId}"` },
    check: `agentCallback:${agentId}`,
    fix: {
      zh: `请到${pages.apps.zh}打开该应用，在「接收消息 → 设置API接收」把 URL 改为应用页面所示的，并保存。`,
      en: `Open this application in ${pages.apps.en}, change the URL at 接收消息 → 设置API接收 to the one on its page here, and save.`,
    },
    path: `/console/system/corps/agents/${agentId}`,
    isProved: true,
  }))
}
