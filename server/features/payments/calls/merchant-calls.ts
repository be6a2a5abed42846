import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkSchema } from '../../../organisation/corps/doctor/check.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { flag, optionalText, text, texts } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { languageOf } from '../../../platform/words.ts'
import { addressesOf } from '../merchants/addresses.ts'
import {
  addMerchant,
  merchantForm,
  removeMerchant,
  setDefaultMerchant,
  setMerchant,
} from '../merchants/connect.ts'
import { examineMerchant, lastExamination } from '../merchants/doctor/doctor.ts'
import { type Merchant, type Merchants, unknownMerchant } from '../merchants/merchants.ts'
import { allMerchants } from '../merchants/store.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

const access = administrator('super')

const mchId = text('商户号（mchid）', { max: 32 })
const fields = {
  name: text('商户名称', { max: 64 }),
  appIds: texts('已关联的 AppID：公众号、企业 ID、小程序', { max: 50, length: 64 }),
  serial: text('商户 API 证书的序列号，40 位十六进制', { max: 128 }),
  publicKeyId: optionalText('微信支付公钥 ID，PUB_KEY_ID_…；空为只用平台证书', { max: 128 }),
  miniProgram: optionalText('小程序支付页的路径', { max: 128 }),
}
const pem = { max: 8000, lines: true } as const

const checks = Type.Union([Type.Object({ at: time, checks: Type.Array(checkSchema) }), Type.Null()])

const merchantSchema = Type.Object({
  mchId: Type.String(),
  name: Type.String(),
  appIds: Type.Array(Type.String()),
  /** '' in pure certificate mode. */
  publicKeyId: Type.String(),
  miniProgram: Type.String(),
  enabled: Type.Boolean(),
  isDefault: Type.Boolean(),
  hasApiV3Key: Type.Boolean(),
  createdAt: time,
  diagnosis: checks,
})
export type MerchantView = Static<typeof merchantSchema>

const detailSchema = Type.Object({
  ...merchantSchema.properties,
  serial: Type.String(),
  updatedAt: time,
  /** What is entered at WeChat Pay. */
  addresses: Type.Object({
    notifyUrl: Type.String(),
    jsapiDirectory: Type.String(),
    h5Domain: Type.String(),
  }),
  certificates: Type.Array(Type.Object({ serial: Type.String(), effectiveAt: time, expiresAt: time })),
  version: Type.String(),
})
export type MerchantDetail = Static<typeof detailSchema>

/** In the order in which they were added. */
export const listMerchants = pageCall({
  method: 'GET',
  path: '/web/payments/merchants',
  point: 'merchant:read',
  access,
  input: {},
  output: Type.Object({ list: Type.Array(merchantSchema), total: Type.Number() }),
  async handle(ctx: Needs, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const merchants = ctx.merchants.ofCorp(corpId)
    const list = await Promise.all(
      merchants.map(async one => ({
        ...viewOf(one),
        diagnosis: (await lastExamination(ctx, one.mchId, language)) ?? null,
      })),
    )
    return { list, total: list.length }
  },
})

function viewOf(merchant: Merchant) {
  const { mchId, name, appIds, publicKeyId, miniProgram, enabled, isDefault, hasApiV3Key, createdAt } =
    merchant
  const flags = { enabled, isDefault, hasApiV3Key }
  return { mchId, name, appIds: [...appIds], publicKeyId, miniProgram, ...flags, createdAt }
}

/** Keys are never sent. */
export const showMerchant = pageCall({
  method: 'GET',
  path: '/web/payments/merchants/merchant',
  point: 'merchant:read',
  access,
  input: { mchId },
  output: detailSchema,
  async handle(ctx: Needs, { input, corpId, request }) {
    const merchant = ctx.merchants.get(corpId, input.mchId)
    const language = languageOf(request.headers['accept-language'])
    const [rows, diagnosis] = await Promise.all([
      allMerchants(ctx.db, corpId),
      lastExamination(ctx, input.mchId, language),
    ])
    const row = rows.find(one => one.mch_id === input.mchId)
    if (!row) throw unknownMerchant(input.mchId)
    const certificates = merchant.client.keys
      .certificates()
      .map(({ serial, effectiveAt, expiresAt }) => ({ serial, effectiveAt, expiresAt }))
    return {
      ...viewOf(merchant),
      diagnosis: diagnosis ?? null,
      serial: row.serial_no,
      updatedAt: row.updated_at,
      addresses: addressesOf(ctx, corpId, input.mchId),
      certificates,
      version: versionOf(merchantForm(row)),
    }
  },
})

export const addMerchantCall = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/add',
  point: 'merchant:edit',
  access,
  input: {
    mchId,
    ...fields,
    privateKey: text('商户私钥，apiclient_key.pem 的内容', pem),
    certificate: optionalText('商户 API 证书，apiclient_cert.pem 的内容', pem),
    apiV3Key: optionalText('APIv3 密钥，32 位', { max: 64 }),
    publicKey: optionalText('微信支付公钥，pub_key.pem 的内容', pem),
  },
  output: Type.Object({ mchId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await addMerchant(ctx, visitor.actor, corpId, input)
    return { mchId: input.mchId }
  },
})

/** Keys that are left out stay. Without `publicKeyId` the public key goes too. */
export const saveMerchant = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/save',
  point: 'merchant:edit',
  access,
  input: {
    mchId,
    version: text('页面所见的版本', { max: 64 }),
    ...fields,
    privateKey: optionalText('新的商户私钥，空为不变', pem),
    certificate: optionalText('新的商户 API 证书，空为不变', pem),
    apiV3Key: optionalText('新的 APIv3 密钥，空为不变', { max: 64 }),
    publicKey: optionalText('新的微信支付公钥，空为不变', pem),
  },
  output: Type.Object({ mchId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { mchId, version, publicKeyId = '', miniProgram = '', ...rest } = input
    const publicKey = publicKeyId === '' ? '' : input.publicKey
    const settings = { ...rest, publicKeyId, publicKey, miniProgram }
    await setMerchant(ctx, visitor.actor, corpId, mchId, settings, version)
    return { mchId }
  },
})

export const enableMerchant = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/enable',
  point: 'merchant:edit',
  access,
  input: { mchId, enabled: flag('1 启用，0 停用：不能再用它付款') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await setMerchant(ctx, visitor.actor, corpId, input.mchId, { enabled: input.enabled })
    return {}
  },
})

export const defaultMerchant = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/default',
  point: 'merchant:edit',
  access,
  input: { mchId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await setDefaultMerchant(ctx, visitor.actor, corpId, input.mchId)
    return {}
  },
})

export const removeMerchantCall = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/remove',
  point: 'merchant:edit',
  access,
  input: { mchId, confirm: text('再次输入商户号', { max: 32 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    if (input.confirm !== input.mchId)
      throw new ApiError('badParameter', {
        zh: told`confirm 应为要移除的商户号 ${input.mchId}；没有移除`,
        en: told`confirm should be the merchant to be removed, ${input.mchId}; nothing was removed`,
      })
    await removeMerchant(ctx, visitor.actor, corpId, input.mchId)
    return {}
  },
})

/** Calls WeChat Pay; takes a second, and half a minute when it is silent. */
export const examineMerchantCall = pageCall({
  method: 'POST',
  path: '/web/payments/merchants/doctor',
  point: 'merchant:edit',
  access,
  outgoing: true,
  input: { mchId },
  output: Type.Object({ ok: Type.Boolean(), at: time, checks: Type.Array(checkSchema) }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const { ok, checks } = await examineMerchant(ctx, corpId, input.mchId, language)
    return { ok, at: new Date(ctx.now()), checks }
  },
})
