import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { examinedOutput } from '../../../organisation/corps/commands/secret-check.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { type CommandPart, command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../../platform/command/language.ts'
import { file, requiredText, secret, text, toggle, list as words } from '../../../platform/command/parts.ts'
import { facts, table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import { addressesOf } from '../merchants/addresses.ts'
import { addMerchant, removeMerchant, setDefaultMerchant, setMerchant } from '../merchants/connect.ts'
import { examineMerchant } from '../merchants/doctor/doctor.ts'
import type { Merchants } from '../merchants/merchants.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

const mchId = requiredText('<mchId>', { zh: '微信支付商户号', en: 'merchant ID of WeChat Pay' })
const optionalFile = (flags: string, description: Words): CommandPart<string | undefined> => ({
  ...text(flags, description),
  kind: 'file',
})
const settings = {
  certificate: optionalFile('--certificate <file>', {
    zh: '商户 API 证书 apiclient_cert.pem，用来提醒何时过期',
    en: 'certificate of the merchant API, apiclient_cert.pem, to warn before it expires',
  }),
  apiV3Key: secret('--api-v3-key <key>', {
    zh: 'APIv3 密钥，32 位；没有它就收不到任何支付通知',
    en: 'APIv3 key, 32 characters; without it no notice of payments arrives',
  }),
  publicKeyId: text('--public-key-id <id>', {
    zh: '微信支付公钥 ID，PUB_KEY_ID_…',
    en: 'WeChat Pay public key ID, PUB_KEY_ID_…',
  }),
  publicKey: optionalFile('--public-key <file>', {
    zh: '微信支付公钥 pub_key.pem',
    en: 'WeChat Pay public key, pub_key.pem',
  }),
  miniProgram: text('--mini-program <path>', {
    zh: '小程序支付页的路径',
    en: 'path of the payment page in the mini program',
  }),
}
const appIds = words('--app-ids <ids>', {
  zh: '已关联的 AppID，逗号分隔：公众号、企业 ID、小程序',
  en: 'linked AppIDs, separated by commas: official accounts, corp ID, mini programs',
})
const serial = {
  zh: '商户 API 证书的序列号，40 位十六进制',
  en: 'serial number of the merchant API certificate, 40 hexadecimal digits',
}

const add = command({
  path: 'pay merchant add',
  point: 'merchant:edit',
  summary: {
    zh: '接入一个微信支付商户号，显示要填到商户平台的地址；不询问微信支付，核对用 pay merchant doctor',
    en: 'Connect a WeChat Pay merchant, and show the addresses to enter at the merchant platform; WeChat Pay is not asked, pay merchant doctor checks it',
  },
  details: {
    zh: '企业的第一个商户是默认商户。新商户只有微信支付公钥；老商户也可以只用平台证书，此时必须有 APIv3 密钥。',
    en: 'The first merchant of a corp is its default. New merchants have a WeChat Pay public key; old ones may use platform certificates only, which takes an APIv3 key.',
  },
  parts: {
    mchId,
    corp: corpPart,
    name: requiredText('--name <text>', { zh: '商户名称', en: 'name of the merchant' }),
    appIds,
    serial: requiredText('--serial <hex>', serial),
    privateKey: file('--private-key <file>', {
      zh: '商户私钥 apiclient_key.pem',
      en: 'private key of the merchant, apiclient_key.pem',
    }),
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
      [
        { zh: '支付授权目录（JSAPI）', en: '支付授权目录（JSAPI） (JSAPI directory)' },
        addresses.jsapiDirectory,
      ],
      [{ zh: 'H5 支付域名', en: 'H5 支付域名 (H5 domain)' }, addresses.h5Domain],
    ])
    const warning = merchant.hasApiV3Key
      ? ''
      : said({
          zh: '\n\n没有 APIv3 密钥：微信支付不会发送任何通知',
          en: '\n\nThere is no APIv3 key: WeChat Pay sends no notices',
        })
    return {
      data: { mchId, ...addresses, hasApiV3Key: merchant.hasApiV3Key, isDefault: merchant.isDefault },
      text: said({
        zh: `已接入 ${merchant.name}（${mchId}）\n\n请在商户平台“产品中心 → 开发配置”填入:\n${values}${warning}`,
        en: `connected ${merchant.name} (${mchId})\n\nEnter these at 产品中心 → 开发配置 (Products → Development) of the merchant platform:\n${values}${warning}`,
      }),
    }
  },
})

const list = command({
  path: 'pay merchant list',
  point: 'merchant:read',
  summary: { zh: '列出接入的微信支付商户号', en: 'List connected WeChat Pay merchants' },
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
      one.appIds.join(said(comma)),
      one.publicKeyId
        ? said({ zh: '公钥', en: 'public key' })
        : said({ zh: '平台证书', en: 'platform certificates' }),
      one.hasApiV3Key ? said({ zh: '有', en: 'yes' }) : said({ zh: '没有', en: 'no' }),
      one.isDefault ? said({ zh: '默认', en: 'default' }) : '',
      one.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
    ])
    const heads = [
      said({ zh: '商户号', en: 'Merchant ID' }),
      said({ zh: '名称', en: 'Name' }),
      'AppID',
      said({ zh: '验签', en: 'Verified by' }),
      said({ zh: 'APIv3 密钥', en: 'APIv3 key' }),
      '',
      said({ zh: '状态', en: 'State' }),
    ]
    return {
      data: merchants,
      text: table(heads, rows, {
        zh: '还没有商户号，请执行 wisp pay merchant add',
        en: 'there is no merchant yet: run wisp pay merchant add',
      }),
    }
  },
})

const set = command({
  path: 'pay merchant set',
  point: 'merchant:edit',
  summary: {
    zh: '修改商户号的设置；停用后不能再用它付款，已有的订单仍可查询和退款',
    en: 'Change the settings of a merchant; a disabled one takes no payments, and its orders can still be queried and refunded',
  },
  parts: {
    mchId,
    corp: corpPart,
    name: text('--name <text>', { zh: '商户名称', en: 'name of the merchant' }),
    appIds,
    serial: text('--serial <hex>', serial),
    privateKey: optionalFile('--private-key <file>', {
      zh: '商户私钥 apiclient_key.pem',
      en: 'private key of the merchant, apiclient_key.pem',
    }),
    ...settings,
    byDefault: toggle('--default', {
      zh: '未指定商户的账单由它收款',
      en: 'receives bills that name no merchant',
    }),
    enable: toggle('--enable', { zh: '启用', en: 'enable it' }),
    disable: toggle('--disable', { zh: '停用', en: 'disable it' }),
  },
  async run(
    ctx: Needs,
    { mchId, corp, privateKey, publicKey, certificate, byDefault, enable, disable, ...given },
  ) {
    if (enable && disable)
      throw new UsageError({ zh: '--enable 与 --disable 不能同用', en: '--enable excludes --disable' })
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
    if (changed.length === 0 && !byDefault)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    if (changed.length > 0) await setMerchant(ctx, actor, corpId, mchId, change)
    if (byDefault) await setDefaultMerchant(ctx, actor, corpId, mchId)
    return {
      data: { mchId, changed: [...changed, ...(byDefault ? ['isDefault'] : [])] },
      text: said({ zh: '已保存', en: 'saved' }),
    }
  },
})

const remove = command({
  path: 'pay merchant remove',
  point: 'merchant:edit',
  summary: {
    zh: '移除没有账单和订单的商户号；有的只能停用',
    en: 'Remove a merchant without bills and orders; others can only be disabled',
  },
  parts: { mchId, corp: corpPart },
  async run(ctx: Needs, { mchId, corp }) {
    await removeMerchant(ctx, actor, corpOf(ctx, corp), mchId)
    return { data: { mchId }, text: said({ zh: `已移除 ${mchId}`, en: `removed ${mchId}` }) }
  },
})

const doctor = command({
  path: 'pay merchant doctor',
  point: 'merchant:edit',
  summary: {
    zh: '检查商户号的接入：私钥与序列号、微信支付公钥或证书、APIv3 密钥、AppID、时间、通知地址；说明哪里要改',
    en: 'Check the connection of a merchant: private key and serial number, public key or certificates, APIv3 key, AppIDs, time, notice address; it says where to fix what',
  },
  details: {
    zh: '每个 AppID 会下一笔 1 分钱的 Native 订单并立即关闭，只有这样才能知道它是否已关联商户号。有检查未通过时退出码为 1。',
    en: 'It places a Native order of 1 fen for each AppID and closes it at once; nothing else shows whether the AppID is linked to the merchant. The exit code is 1 if a check failed.',
  },
  parts: { mchId, corp: corpPart },
  async run(ctx: Needs, { mchId, corp }) {
    return examinedOutput(await examineMerchant(ctx, corpOf(ctx, corp), mchId, commandLanguage()))
  },
})

async function contentOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(error => {
    const why = (error as Error).message
    throw new ApiError('badParameter', {
      zh: told`无法读取 ${path}: ${why}`,
      en: told`${path} cannot be read: ${why}`,
    })
  })
  return bytes.toString()
}

export const payMerchantCommands = [add, list, set, remove, doctor]
