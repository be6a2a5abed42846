import {
  boolean,
  ControlError,
  list,
  nullable,
  oneOf,
  onlyKeys,
  optional,
  string,
  whole,
} from '../../http/control-input.ts'
import { platformCertificate } from '../crypto/keys.ts'
import type { Input } from '../input.ts'
import { accountOf, type MerchantAccount } from '../merchants.ts'
import type { PayPlatform } from '../platform.ts'
import { defaultRules, type Rules } from '../rules/rules.ts'
import type { MerchantSettings } from '../state/merchant.ts'
import { merchantOf } from './ledger.ts'

const readers: Record<keyof MerchantSettings, (value: unknown, key: string) => unknown> = {
  name: string,
  mode: oneOf('certificate', 'publicKey', 'grey'),
  greyPercent: whole(0, 100),
  apiV3Key: nullable((value, key) => {
    if (Buffer.byteLength(string(value, key)) !== 32) throw new ControlError(`${key} must have 32 characters`)
    return value
  }),
  appIds: list(string),
  restriction: nullable(oneOf('disabled', 'restricted')),
  balance: nullable(whole(0, Number.MAX_SAFE_INTEGER)),
  refundOutcome: oneOf('SUCCESS', 'ABNORMAL', 'CLOSED', 'PROCESSING'),
  refundNoticeUrl: nullable(string),
  payDirectories: nullable(list(string)),
  h5Domains: nullable(list(string)),
}

/**
 * Sets what is named: settings of a merchant, and rules that hold for all. `newCertificate` adds a platform
 * certificate that signs from now on. Answers all settings and rules.
 */
export function setSettings(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', 'newCertificate', ...Object.keys(readers), ...Object.keys(defaultRules))
  const merchant = merchantOf(platform, input)
  const change: Record<string, unknown> = {}
  for (const [key, read] of Object.entries(readers))
    if (input[key] !== undefined) change[key] = read(input[key], key)
  if (Object.keys(change).length > 0) merchant.change(change as Partial<MerchantSettings>)
  const rules = Object.entries(input).filter(([key]) => Object.hasOwn(defaultRules, key))
  for (const [key, value] of rules) {
    const known = defaultRules[key as keyof Rules]
    if (typeof value !== typeof known || value === null || Array.isArray(value) !== Array.isArray(known))
      throw new ControlError(`${key} must be like ${JSON.stringify(known)}`)
  }
  if (rules.length > 0) platform.changeRules({ ...platform.rules, ...Object.fromEntries(rules) })
  if (optional(input, 'newCertificate', boolean)) {
    const { certificates } = merchant.keys
    const next = platformCertificate(merchant.mchId, certificates.length, platform.now())
    merchant.changeKeys({ certificates: [...certificates, next] })
  }
  return { mchId: merchant.mchId, settings: merchant.settings, rules: platform.rules }
}

/** One more merchant. */
export function addMerchant(platform: PayPlatform, input: Input): MerchantAccount {
  onlyKeys(input, 'name', 'appIds')
  const appIds = optional(input, 'appIds', list(string)) ?? platform.merchants[0]!.settings.appIds
  return accountOf(platform.add(string(input['name'], 'name'), appIds))
}
