import { withOldAddresses } from '../../../../organisation/corps/addresses/ties.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { type Check, checkIn, type Finding } from '../../../../organisation/corps/doctor/check.ts'
import { keepVerdict } from '../../../../organisation/corps/doctor/keep-verdict.ts'
import type { Core } from '../../../../platform/core.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import { readSetting } from '../../../../platform/storage/settings.ts'
import type { Language } from '../../../../platform/words.ts'
import { addressesOf } from '../addresses.ts'
import { diagnosisKey } from '../connect.ts'
import type { Merchants } from '../merchants.ts'
import { paidProducts } from '../store.ts'
import { examineCertificate } from './certificate.ts'
import { examineIdentity, examineKeys, wrongPublicKey } from './keys.ts'
import { examineAppIds } from './orders.ts'
import { examineClock, examineNotifyUrl, examineProducts, examineState } from './setup.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

/** The stored form, which can be read in any language. */
type Diagnosis = { at: number; findings: Finding[] }

/**
 * Tests what commonly goes wrong between wisp and WeChat Pay, and says what to change and where. `ok` is false when any check
 * failed. Throws 1000 for an unknown merchant.
 */
export async function examineMerchant(
  ctx: Needs,
  corpId: string,
  mchId: string,
  language: Language = 'zh',
): Promise<{ ok: boolean; checks: Check[] }> {
  const merchant = ctx.merchants.get(corpId, mchId)
  const addresses = addressesOf(ctx, corpId, mchId)
  const identity = await examineIdentity(merchant)
  const now = ctx.now()
  const { timeZone } = ctx.corps.get(corpId)
  const keys = identity.state === 'ok' ? await examineKeys(merchant, now, timeZone) : []
  const { notifyUrl } = addresses
  const appIds =
    identity.state === 'ok' ? await examineAppIds(merchant, { notifyUrl, newId: ctx.newId, now }) : []
  const found = [
    ...examineState(merchant),
    identity,
    examineCertificate(merchant, now, timeZone),
    ...withOrders(keys, appIds),
    examineClock(merchant.client.clockSkewMs),
    examineNotifyUrl(addresses, ctx.config.payUrl),
    ...examineProducts(addresses, await paidProducts(ctx.db, corpId, mchId)),
  ]
  const findings = await withOldAddresses(ctx, corpId, found, `merchant:${mchId}`)
  const kept: Diagnosis = { at: now, findings }
  await keepVerdict(ctx, corpId, diagnosisKey(mchId), kept)
  return { ok: findings.every(one => one.ok), checks: findings.map(one => checkIn(language, one)) }
}

/** An answer that the public key does not prove says more than that there is a key, and less than that there is none. */
function withOrders(keys: readonly Finding[], appIds: readonly Finding[]): Finding[] {
  const isKnown = keys.some(one => one.id === wrongPublicKey.id && !one.ok)
  const replaced = isKnown ? appIds.filter(one => one.id !== wrongPublicKey.id) : appIds
  return [...keys.filter(one => !replaced.some(other => other.id === one.id)), ...replaced]
}

/** The last examination; undefined when there was none. */
export async function lastExamination(
  ctx: Pick<Core, 'db'>,
  mchId: string,
  language: Language,
): Promise<{ at: Date; checks: Check[] } | undefined> {
  const kept = (await readSetting(ctx.db, diagnosisKey(mchId))) as Diagnosis | undefined
  return kept && { at: new Date(kept.at), checks: kept.findings.map(one => checkIn(language, one)) }
}
