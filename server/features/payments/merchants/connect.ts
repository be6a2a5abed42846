import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { dropSetting } from '../../../platform/storage/settings.ts'
import { purposes } from '../sealed.ts'
import { type Merchant, type Merchants, unknownMerchant } from './merchants.ts'
import { ensurePaymentApp } from './payment-app.ts'
import {
  checkCertificate,
  checkMchId,
  checkTogether,
  type MerchantSettings,
  readSettings,
  togetherOnly,
} from './settings.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

export type NewMerchant = MerchantSettings & {
  mchId: string
  name: string
  appIds: readonly string[]
  serial: string
  privateKey: string
}

/** Where the setting stands that keeps the last examination of a merchant. */
export const diagnosisKey = (mchId: string) => `pay-doctor:${mchId}`

/**
 * Connects a merchant to a corp, whose first one is its default; WeChat Pay is asked nothing: the doctor tests what was entered.
 * Throws 1000, 1001 and 1009.
 */
export async function addMerchant(
  ctx: Needs,
  actor: string,
  corpId: string,
  given: NewMerchant,
): Promise<Merchant> {
  ctx.corps.get(corpId)
  checkOn(ctx, corpId, 'payments')
  const { mchId } = given
  checkMchId(mchId)
  const { privateKey = '', ...settings } = readSettings(given)
  const { name = '', appIds = [], serial = '', apiV3Key = '' } = settings
  const { publicKeyId = '', publicKey = '', miniProgram = '', certificate = '' } = settings
  checkTogether({ publicKeyId, publicKey, hasApiV3Key: apiV3Key !== '' })
  checkCertificate({ certificate, serial })
  const now = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.lockCorpForDefault(tx, corpId)
    const isNew = await store.insertMerchant(tx, {
      corp_id: corpId,
      mch_id: mchId,
      name,
      app_ids: [...appIds],
      serial_no: serial,
      private_key: ctx.seal.seal(privateKey, purposes.privateKey),
      api_v3_key: sealedKey(ctx, apiV3Key),
      public_key_id: publicKeyId,
      public_key: publicKey,
      mini_program: miniProgram,
      certificate,
      created_at: now,
      updated_at: now,
    })
    if (!isNew)
      throw new ApiError('badParameter', {
        zh: told`商户号 ${mchId} 已接入`,
        en: told`merchant ${mchId} is connected already`,
      })
    if (!(await store.hasDefault(tx, corpId))) await store.makeDefault(tx, corpId, mchId)
    await ensurePaymentApp(tx, ctx, corpId)
    const detail = { name, appIds, serial }
    await record(tx, ctx, { corpId, actor, act: 'pay.merchant.add', target: mchId, targetName: name, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return ctx.merchants.get(corpId, mchId)
}

/**
 * What was paid is returned by its merchant, so that keys can be changed while payments are off; whether it collects cannot.
 * `expected` is the version of the form that was filled (form-version.ts). Throws 1000, 1001 and 1009.
 */
export async function setMerchant(
  ctx: Needs,
  actor: string,
  corpId: string,
  mchId: string,
  given: MerchantSettings & { enabled?: boolean | undefined },
  expected?: string,
): Promise<Merchant> {
  const { enabled, ...settings } = given
  if (enabled !== undefined) checkOn(ctx, corpId, 'payments')
  const read = readSettings(settings)
  const told = {
    name: read.name,
    app_ids: read.appIds && [...read.appIds],
    serial_no: read.serial,
    private_key: read.privateKey && ctx.seal.seal(read.privateKey, purposes.privateKey),
    api_v3_key: read.apiV3Key === undefined ? undefined : sealedKey(ctx, read.apiV3Key),
    public_key_id: read.publicKeyId,
    public_key: read.publicKey,
    mini_program: read.miniProgram,
    certificate: read.certificate,
    enabled,
  }
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockMerchant(tx, corpId, mchId)
    if (!before) throw unknownMerchant(mchId)
    checkVersion(merchantForm(before), expected)
    const changes = changesOf(before, told, ['private_key', 'api_v3_key', 'public_key', 'certificate'])
    if (isOtherKey(before, read)) throw togetherOnly()
    const fields = Object.entries(told).filter(([, value]) => value !== undefined)
    const change: Partial<store.MerchantRow> = Object.fromEntries(fields)
    const after = { ...before, ...change }
    checkTogether({
      publicKeyId: after.public_key_id,
      publicKey: after.public_key,
      hasApiV3Key: after.api_v3_key !== '',
    })
    if (read.certificate) checkCertificate({ certificate: read.certificate, serial: after.serial_no })
    await store.updateMerchant(tx, corpId, mchId, { ...change, updated_at: new Date(ctx.now()) })
    const entry = { corpId, actor, target: mchId, targetName: before.name, detail: { changes } }
    await record(tx, ctx, { ...entry, act: 'pay.merchant.set' })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return ctx.merchants.get(corpId, mchId)
}

/** From now on, bills that name no merchant are collected by this one. Throws 1000 and 1009. */
export async function setDefaultMerchant(
  ctx: Needs,
  actor: string,
  corpId: string,
  mchId: string,
): Promise<void> {
  checkOn(ctx, corpId, 'payments')
  await ctx.db.transaction().execute(async tx => {
    await store.lockCorpForDefault(tx, corpId)
    const row = await store.lockMerchant(tx, corpId, mchId)
    if (!row) throw unknownMerchant(mchId)
    await store.makeDefault(tx, corpId, mchId)
    const entry = { corpId, actor, target: mchId, targetName: row.name, detail: {} }
    await record(tx, ctx, { ...entry, act: 'pay.merchant.default' })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Only of a merchant that never collected anything: what was paid stays on record. Throws 1000. */
export async function removeMerchant(
  ctx: Needs,
  actor: string,
  corpId: string,
  mchId: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.lockCorpForDefault(tx, corpId)
    const row = await store.lockMerchant(tx, corpId, mchId)
    if (!row) throw unknownMerchant(mchId)
    const { orders, bills } = await store.countUses(tx, row)
    if (orders > 0 || bills > 0)
      throw new ApiError('badParameter', {
        zh: told`商户号 ${mchId} 有 ${bills} 张账单、${orders} 笔支付订单，不能移除，只能停用；没有移除`,
        en: told`merchant ${mchId} has ${bills} bills and ${orders} orders, so it can only be disabled; nothing was removed`,
      })
    await store.deleteMerchant(tx, corpId, mchId)
    if (row.is_default && (await store.allMerchants(tx, corpId)).length > 0)
      throw new ApiError('badParameter', {
        zh: told`商户号 ${mchId} 是默认商户，请先把另一个设为默认`,
        en: told`merchant ${mchId} is the default one: make another one the default first`,
      })
    await dropSetting(tx, diagnosisKey(mchId))
    const entry = { corpId, actor, target: mchId, targetName: row.name, detail: {} }
    await record(tx, ctx, { ...entry, act: 'pay.merchant.remove' })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** The fields of the form; its version tells whether somebody else has changed it since. */
export function merchantForm(row: store.MerchantRow): object {
  const { is_default: _default, updated_at: _at, ...form } = row
  return form
}

/** Another id without its key would be stored beside the previous key. */
function isOtherKey(before: store.MerchantRow, { publicKeyId, publicKey }: MerchantSettings): boolean {
  return publicKeyId !== undefined && publicKeyId !== before.public_key_id && publicKey === undefined
}

function sealedKey(ctx: Core, apiV3Key: string): string {
  return apiV3Key && ctx.seal.seal(apiV3Key, purposes.apiV3Key)
}
