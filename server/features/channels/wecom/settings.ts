import { Type } from 'typebox'
import type { Corp, Corps } from '../../../organisation/corps/corps.ts'
import { directorySize } from '../../../organisation/corps/size-store.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Setups } from '../channel.ts'
import type { SettingField, SettingFields, SettingsOf } from '../setting-field.ts'
import { usualDayCap } from './hold.ts'
import { sentToday } from './pace-store.ts'

export const wecomFields = {
  agentId: {
    schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    label: { zh: '发送消息的应用', en: 'Agent that sends' },
    flag: '--agent <agentId>',
    flagHelp: { zh: '消息中心自己的企业微信应用', en: "the message centre's own WeCom app" },
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
    flagHelp: {
      zh: '每个应用每天的人次上限，默认现有成员数 × 200',
      en: 'receivers a day for each WeCom app at most, by default the number of members × 200',
    },
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
  const { listed } = await directorySize(ctx.db, corpId)
  const [members, n, times] = [listed, usualDayCap(listed), used].map(formatCount)
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
      placeholder: n ?? '',
      help: {
        zh: `企业微信限每个应用每天 账号上限 × 200 人次，而账号上限没有接口可查。不填时按现有成员 ${members} × 200，即 ${n} 人次；账号上限更大的，可在此填写。今天已用 ${times}。`,
        en: `WeCom allows each agent 200 person-times a day for each account of the corp's account limit, which no call tells. Empty means the ${members} members × 200, which is ${n}; enter more where the account limit is higher. Used today: ${times}.`,
      },
    },
  }
}

/** The agent that sends when none is chosen. */
export function onlyAgent({ agents }: Corp): number | undefined {
  const usable = agents.filter(one => one.uses.includes('messages'))
  return usable.length === 1 ? usable[0]?.agentId : undefined
}

/** Checks that the WeCom app of the settings exists and is open for messages. @throws ApiError 1000 otherwise. */
export function checkWecom(
  given: WecomSettings,
  _nameOf: (field: string) => string,
  { agents }: Corp,
): WecomSettings {
  if (given.agentId === undefined) return given
  const agent = agents.find(one => one.agentId === given.agentId)
  if (!agent)
    throw new ApiError('badParameter', {
      zh: told`没有自建应用 ${given.agentId}，请在“企业与体检 → 自建应用”添加`,
      en: told`there is no WeCom app ${given.agentId}: add it in the console under Corps and check-up → Applications`,
    })
  if (!agent.uses.includes('messages'))
    throw new ApiError('badParameter', {
      zh: told`自建应用 ${agent.name} 未开放消息用途，请在“企业与体检 → 自建应用”勾选`,
      en: told`the WeCom app “${agent.name}” is not open for messages: tick that use under Corps and check-up → Applications`,
    })
  return given
}
