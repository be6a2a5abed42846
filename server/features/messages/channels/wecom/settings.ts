import { Type } from 'typebox'
import type { Corp, Corps } from '../../../../organisation/corps/corps.ts'
import { directorySize } from '../../../../organisation/corps/size-store.ts'
import type { Core } from '../../../../platform/core.ts'
import { formatCount } from '../../../../platform/format.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import type { Setups } from '../channel.ts'
import type { SettingField, SettingFields, SettingsOf } from '../setting-field.ts'
import { paceLimits, sentToday } from './pace-store.ts'

export const wecomFields = {
  agentId: {
    schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    label: { zh: '发送消息的应用', en: 'Agent that sends' },
    flag: '--agent <agentId>',
    flagHelp: '消息中心自己的企业微信应用',
    help: {
      zh: '接口没有指明应用时用它。只有一个应用开放了「消息」用途时可不选。',
      en: 'Used when a call names none. Not needed while only one agent may send messages.',
    },
    placeholder: {
      zh: '自动：唯一开放了消息用途的应用',
      en: 'Automatic: the only agent that may send',
    },
    isWide: true,
  },
  dailyCap: {
    schema: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }),
    label: { zh: '每天的人次上限', en: 'Person-times a day' },
    flag: '--daily-cap <n>',
    flagHelp: '每个应用每天的人次上限，默认成员数 × 200',
    isWide: true,
  },
} as const satisfies SettingFields
export type WecomSettings = SettingsOf<typeof wecomFields>

/** The agents of the corp to choose from, and what the day's limit is without a setting. */
export async function wecomForm(
  ctx: Core & { corps: Corps; messageSettings: Setups },
  corpId: string,
): Promise<Record<keyof WecomSettings, Partial<SettingField>>> {
  const { agents } = ctx.corps.get(corpId)
  const { settings } = ctx.messageSettings.setupOf<WecomSettings>(corpId, 'wecom')
  const sender = settings?.agentId ?? onlyAgent(ctx.corps.get(corpId))
  const used = sender === undefined ? 0 : await sentToday(ctx.db, corpId, sender, ctx.now())
  const usual = (await directorySize(ctx.db, corpId)).members * paceLimits.personTimesPerAccount
  const [n, times] = [formatCount(usual), formatCount(used)]
  return {
    agentId: {
      choices: agents.map(({ agentId, name, uses }) => {
        const isDisabled = !uses.includes('messages')
        const words = (why: string) => `${name} (${agentId})${isDisabled ? ` · ${why}` : ''}`
        const label = { zh: words('未开放消息用途'), en: words('may not send messages') }
        return { value: String(agentId), label, isDisabled }
      }),
    },
    dailyCap: {
      placeholder: n,
      help: {
        zh: `企业微信限每个应用每天 成员数 × 200 人次，现在是 ${n}。不填就按它。今天已用 ${times}。`,
        en: `WeCom allows each agent members × 200 a day, now ${n}. Empty means that. Used today: ${times}.`,
      },
    },
  }
}

/** The agent that sends when none is chosen. */
export function onlyAgent({ agents }: Corp): number | undefined {
  const usable = agents.filter(one => one.uses.includes('messages'))
  return usable.length === 1 ? usable[0]?.agentId : undefined
}

export function checkWecom(
  given: WecomSettings,
  _nameOf: (field: string) => string,
  { agents }: Corp,
): WecomSettings {
  if (given.agentId === undefined) return given
  const agent = agents.find(one => one.agentId === given.agentId)
  if (!agent)
    throw new ApiError('badParameter', {
      zh: `没有应用 ${given.agentId}`,
      en: `there is no agent ${given.agentId}`,
    })
  if (!agent.uses.includes('messages'))
    throw new ApiError('badParameter', {
      zh: `应用 ${agent.name} 未开放消息用途`,
      en: `agent '${agent.name}' is not open for messages`,
    })
  return given
}
