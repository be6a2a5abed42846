import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told, wordsOfOthers } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { WireTemplate } from '../../../upstream/official/calls/templates.ts'
import { whyNot } from '../../official/accounts/abilities.ts'
import { unknownAccount } from '../../official/accounts/accounts.ts'
import type { FilledField } from '../../official/templates/mapping.ts'
import type { MappedAccount } from '../../official/templates/mapping-store.ts'
import { abilityOf } from '../../official/templates/templates.ts'
import type { Setup, Setups } from '../channel.ts'
import type { SettingField, SettingFields, SettingsOf } from '../setting-field.ts'
import { type OfficialReason, officialReasons } from './reasons.ts'

export const officialFields = {
  originalId: {
    schema: Type.String({ maxLength: 64, pattern: '^gh_[A-Za-z0-9]+$' }),
    label: { zh: '默认公众号', en: 'Default account' },
    flag: '--official-account <gh_id>',
    flagHelp: {
      zh: '发送消息的公众号（原始 ID），不填则为最先绑定的',
      en: 'official account that sends messages (original ID); by default the one connected first',
    },
    help: {
      zh: '接口没有指明公众号时用它。每个公众号用哪个模板，在「公众号 → 群发 → 模板消息」设置。',
      en: "Used when a call names none. Which template an account uses is set under 'Official accounts → Mass messages → Template messages'.",
    },
    placeholder: { zh: '最先绑定的公众号', en: 'The account that was bound first' },
    isWide: true,
  },
} as const satisfies SettingFields
export type OfficialSettings = SettingsOf<typeof officialFields>

/** The accounts of the corp, in the order in which they were bound. */
export type OfficialSetup = Setup<OfficialSettings, MappedAccount[]>

/** The accounts to choose from, each with why it cannot send yet. */
export async function officialForm(
  { messageSettings }: Core & { messageSettings: Setups },
  corpId: string,
): Promise<Record<keyof OfficialSettings, Partial<SettingField>>> {
  const { extra = [] } = messageSettings.setupOf<OfficialSettings, MappedAccount[]>(corpId, 'official')
  return {
    originalId: {
      choices: extra.map(account => {
        const why = whyUnusable(account)
        const words = why && tell(why)
        const label = (language: keyof Words) =>
          words ? `${account.name} · ${words[language]}` : account.name
        return { value: account.originalId, label: { zh: label('zh'), en: label('en') } }
      }),
    },
  }
}

export function checkOfficial(
  given: OfficialSettings,
  accounts: readonly MappedAccount[] = [],
): OfficialSettings {
  const { originalId } = given
  if (originalId !== undefined && !accounts.some(one => one.originalId === originalId))
    throw unknownAccount(originalId)
  return given
}

/** The account that sends when a call names none. */
export function defaultAccount({ settings, extra = [] }: OfficialSetup): MappedAccount | undefined {
  return extra.find(one => one.originalId === settings?.originalId) ?? extra[0]
}

/** Why the message centre cannot send by the account; undefined when it can. */
export function whyUnusable(account: MappedAccount): OfficialReason | undefined {
  const { name, enabled, mapping } = account
  if (!enabled) return { code: 'officialAccountGone', account: name }
  if (!mapping) return { code: 'officialNoMapping', account: name }
  if (!mapping.template) return { code: 'officialTemplateGone', account: name }
  const why = whyNot(account, abilityOf[mapping.template.kind])
  return why && { code: 'officialMayNot', ...why }
}

export type Sender = { account: MappedAccount; template: WireTemplate; fields: FilledField[] }

/**
 * The account by which a call is sent: the one whose original id it gives as `agentId`, or else the corp's default. Throws 1002
 * for an unknown one, and 1008 for one that cannot send.
 */
export function senderOf(setup: OfficialSetup, agentId: string | undefined): Sender {
  const named = agentId?.startsWith('gh_') ? agentId : undefined
  const account = named ? setup.extra?.find(one => one.originalId === named) : defaultAccount(setup)
  if (!account && named) throw unknownSender(named)
  const why: OfficialReason | undefined = account ? whyUnusable(account) : { code: 'officialNoAccount' }
  const { template, fields = [] } = account?.mapping ?? {}
  if (why || !account || !template)
    throw new ApiError('messageCentre', wordsOfOthers(tell(why ?? { code: 'officialNoAccount' })))
  return { account, template, fields }
}

/** Throws 1002 for an account that the developer may not use, as for one that does not exist. */
export function checkReach({ accounts }: Caller, setup: OfficialSetup, agentId: string | undefined): void {
  const { originalId } = senderOf(setup, agentId).account
  if (accounts && !accounts.has(originalId)) throw unknownSender(originalId)
}

function tell(reason: OfficialReason): Words {
  return officialReasons[reason.code].words(reason as never)
}

function unknownSender(originalId: string): ApiError {
  return new ApiError('unknownDeveloper', {
    zh: told`agentId ${originalId}：没有这个公众号`,
    en: told`agentId ${originalId}: there is no such official account`,
  })
}
