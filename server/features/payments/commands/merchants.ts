import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { examinedOutput } from '../../../organisation/corps/commands/secret-check.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { type CommandPart, command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { file, requiredText, secret, text, toggle, list as words } from '../../../platform/command/parts.ts'
import { facts, table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { addressesOf } from '../merchants/addresses.ts'
import { addMerchant, removeMerchant, setDefaultMerchant, setMerchant } from '../merchants/connect.ts'
import { examineMerchant } from '../merchants/doctor/doctor.ts'
import type { Merchants } from '../merchants/merchants.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

const mchId = requiredText('<mchId>', '微信支付商户号')
const optionalFile = (flags: string, description: string): CommandPart<string | undefined> => ({
  ...text(flags, description),
  kind: 'file',
})
const settings = {
  certificate: optionalFile('--certificate <file>', '商户 API 证书 apiclient_cert.pem，用来提醒何时过期'),
  apiV3Key: secret('--api-v3-key <key>', 'APIv3 密钥，32 位；没有它就收不到任何支付通知'),
  publicKeyId: text('--public-key-id <id>', '微信支付公钥 ID，PUB_KEY_ID_…'),
  publicKey: optionalFile('--public-key <file>', '微信支付公钥 pub_key.pem'),
  miniProgram: text('--mini-program <path>', '小程序支付页的路径'),
}
const appIds = words('--app-ids <ids>', '已关联的 AppID，逗号分隔：公众号、企业 ID、小程序')
const serial = '商户 API 证书的序列号，40 位十六进制'

const add = command({
  path: 'pay merchant add',
  point: 'merchant:edit',
  summary: '接入一个微信支付商户号，显示要填到商户平台的地址；不询问微信支付，核对用 pay merchant doctor',
  details:
    '企业的第一个商户是默认商户。新商户只有微信支付公钥；老商户也可以只用平台证书，此时必须有 APIv3 密钥。',
  parts: {
    mchId,
    corp: corpPart,
    name: requiredText('--name <text>', '商户名称'),
    appIds,
    serial: requiredText('--serial <hex>', serial),
    privateKey: file('--private-key <file>', '商户私钥 apiclient_key.pem'),
    ...settings,
  },
  async run(ctx: Needs, { corp, mchId, appIds = [], privateKey, publicKey, certificate, ...given }) {
    const corpId = corpOf(ctx, corp)
    const merchant = await addMerchant(ctx, actor, corpId, {
      ...given,
      mchId,
      appIds,
      privateKey: await contentOf(privateKey),
      publicKey: publicKey === undefined ? undefined : await contentOf(publicKey),
      certificate: certificate === undefined ? undefined : await contentOf(certificate),
    })
    const addresses = addressesOf(ctx, corpId, mchId)
    const values = facts([
      ['支付授权目录（JSAPI）', addresses.jsapiDirectory],
      ['H5 支付域名', addresses.h5Domain],
    ])
    const warning = merchant.hasApiV3Key ? '' : '\n\n没有 APIv3 密钥：微信支付不会发送任何通知'
    return {
      data: { mchId, ...addresses, hasApiV3Key: merchant.hasApiV3Key, isDefault: merchant.isDefault },
      text: `已接入 ${merchant.name}（${mchId}）\n\n请在商户平台「产品中心 → 开发配置」填入:\n${values}${warning}`,
    }
  },
})

const list = command({
  path: 'pay merchant list',
  point: 'merchant:read',
  summary: '列出接入的微信支付商户号',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const merchants = ctx.merchants.ofCorp(corpOf(ctx, corp)).map(one => ({
      mchId: one.mchId,
      name: one.name,
      appIds: one.appIds,
      publicKeyId: one.publicKeyId,
      miniProgram: one.miniProgram,
      hasApiV3Key: one.hasApiV3Key,
      isDefault: one.isDefault,
      enabled: one.enabled,
    }))
    const rows = merchants.map(one => [
      one.mchId,
      one.name,
      one.appIds.join('、'),
      one.publicKeyId ? '公钥' : '平台证书',
      one.hasApiV3Key ? '有' : '没有',
      one.isDefault ? '默认' : '',
      one.enabled ? '启用' : '停用',
    ])
    const heads = ['商户号', '名称', 'AppID', '验签', 'APIv3 密钥', '', '状态']
    return { data: merchants, text: table(heads, rows, '还没有商户号，请执行 wisp pay merchant add') }
  },
})

const set = command({
  path: 'pay merchant set',
  point: 'merchant:edit',
  summary: '修改商户号的设置；停用后不能再用它付款，已有的订单仍可查询和退款',
  parts: {
    mchId,
    corp: corpPart,
    name: text('--name <text>', '商户名称'),
    appIds,
    serial: text('--serial <hex>', serial),
    privateKey: optionalFile('--private-key <file>', '商户私钥 apiclient_key.pem'),
    ...settings,
    byDefault: toggle('--default', '未指定商户的账单由它收款'),
    enable: toggle('--enable', '启用'),
    disable: toggle('--disable', '停用'),
  },
  async run(
    ctx: Needs,
    { mchId, corp, privateKey, publicKey, certificate, byDefault, enable, disable, ...given },
  ) {
    if (enable && disable) throw new UsageError('--enable 与 --disable 不能同用')
    const corpId = corpOf(ctx, corp)
    const change = givenOnly({
      ...given,
      privateKey: privateKey === undefined ? undefined : await contentOf(privateKey),
      certificate: certificate === undefined ? undefined : await contentOf(certificate),
      // Certificates alone: the key goes with its id.
      publicKey:
        publicKey === undefined ? (given.publicKeyId === '' ? '' : undefined) : await contentOf(publicKey),
      enabled: enable ? true : disable ? false : undefined,
    })
    const changed = Object.keys(change)
    if (changed.length === 0 && !byDefault) throw new UsageError('没有要修改的设置')
    if (changed.length > 0) await setMerchant(ctx, actor, corpId, mchId, change)
    if (byDefault) await setDefaultMerchant(ctx, actor, corpId, mchId)
    return { data: { mchId, changed: [...changed, ...(byDefault ? ['isDefault'] : [])] }, text: '已保存' }
  },
})

const remove = command({
  path: 'pay merchant remove',
  point: 'merchant:edit',
  summary: '移除没有账单和订单的商户号；有的只能停用',
  parts: { mchId, corp: corpPart },
  async run(ctx: Needs, { mchId, corp }) {
    await removeMerchant(ctx, actor, corpOf(ctx, corp), mchId)
    return { data: { mchId }, text: `已移除 ${mchId}` }
  },
})

const doctor = command({
  path: 'pay merchant doctor',
  point: 'merchant:edit',
  summary:
    '检查商户号的接入：私钥与序列号、微信支付公钥或证书、APIv3 密钥、AppID、时间、通知地址；说明哪里要改',
  details: '每个 AppID 会下一笔 1 分钱的 Native 订单并立即关闭，只有这样才能知道它是否已关联商户号。',
  parts: { mchId, corp: corpPart },
  async run(ctx: Needs, { mchId, corp }) {
    return examinedOutput(await examineMerchant(ctx, corpOf(ctx, corp), mchId))
  },
})

async function contentOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(error => {
    throw new ApiError('badParameter', told`无法读取 ${path}: ${(error as Error).message}`)
  })
  return bytes.toString()
}

export const payMerchantCommands = [add, list, set, remove, doctor]
