import { ApiError } from '../../../platform/http/errors.ts'
import type { SmsReceipt } from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, Channel, Receipt, ReceiptSource, Setup } from '../channel.ts'
import { checkSms, checkVendors } from './check-settings.ts'
import { type SmsContent, smsContent, smsFields } from './content.ts'
import { askVendor, deliverSms, sendSms } from './deliver.ts'
import { toE164 } from './e164.ts'
import { filled, outlineOf, smsChannelPreviewSchema, smsPreview } from './preview.ts'
import { type SmsReason, smsReasons, smsTextAdvice } from './reasons.ts'
import { receiptUrlOf } from './receipt-address.ts'
import { corpsWithReceipts, putSerials, takePushed } from './receipts-store.ts'
import {
  accountOf,
  type SmsSettings,
  smsPriceOf,
  smsSettingFields,
  vendorsAtMost,
  vendorsOf,
  wayOf,
  wayWords,
} from './settings.ts'
import { pinTemplates } from './templates.ts'
import { readTemplates, type SmsTemplates } from './templates-store.ts'
import { vendorOf } from './vendor.ts'

const noVendor: SmsReason = { code: 'smsNoVendor' }
const noMobile: SmsReason = { code: 'smsNoMobile' }
const badMobile: SmsReason = { code: 'smsBadMobile' }
const notSetUp: SmsReason = { code: 'smsNotSetUp' }

function receiptOf({ phone, ...one }: SmsReceipt): Receipt {
  return { ...one, address: phone }
}

function shownOf({ templateId, params }: SmsContent, { settings, extra }: Setup<SmsSettings, SmsTemplates>) {
  const template = extra?.get(templateId)
  const names = template?.params ?? params.map((_, index) => String(index + 1))
  const sign = template?.signName || (settings?.signName ?? '')
  return smsPreview({ params: names, text: template?.text ?? '' }, sign, params)
}

/** Receipts of one vendor, which say that they are its own: of an SMS that another vendor sent they tell nothing. */
async function sourceOf(
  ctx: AddressNeeds,
  corpId: string,
  settings: SmsSettings,
): Promise<ReceiptSource | undefined> {
  const vendor = await vendorOf(ctx, corpId, settings)
  if ('kind' in vendor) return undefined
  const way = wayOf(settings)
  const { find, keepsRecordOf = () => true, pullReceipts } = vendor
  if (pullReceipts)
    return { pull: async () => (await pullReceipts()).map(one => ({ ...receiptOf(one), way })) }
  if (!find) return undefined
  return {
    way,
    async ask({ address, context, sentAt }) {
      const found = keepsRecordOf(address) ? await find(address, context, sentAt) : undefined
      return found === undefined || found === 'pending' ? undefined : { ...receiptOf(found), way }
    },
  }
}

/** SMS from registered templates, through a vendor. */
export const sms = {
  label: { zh: '短信', en: 'SMS' },
  sendType: { value: '1', word: { zh: '短信', en: 'SMS' } },
  hasOwnCall: true,
  reasons: smsReasons,
  textAdvice: smsTextAdvice,
  settings: {
    fields: smsSettingFields,
    check: checkSms,
    receiptUrl: (ctx, corpId, settings) =>
      settings.receiptsFrom && settings.vendor !== 'http'
        ? receiptUrlOf(ctx, corpId, wayOf(settings))
        : undefined,
    places: {
      atMost: vendorsAtMost,
      check: checkVendors,
      changed: pinTemplates,
      nameOf: wayOf,
      since: '0157-sms-vendors.sql',
      isNew: ({ vendor }) => vendor !== 'tencent' && vendor !== 'aliyun',
    },
    isReady: (settings, _corp, extra) => settings !== undefined && (extra?.size ?? 0) > 0,
    isBegun: ({ settings, extra }) => settings !== undefined || (extra?.size ?? 0) > 0,
    takes: { zh: '短信服务商和至少一个短信模板', en: 'a vendor and at least one template' },
    offFlag: '--no-sms-vendor',
    describe(setup) {
      const [shown, ...further] = vendorsOf(setup).map(one => ({
        vendor: one.vendor,
        signName: one.signName,
      }))
      const templates = setup.extra?.size ?? 0
      const words = shown
        ? [shown, ...further].map(one => `${one.vendor} 签名 ${one.signName || '（见模板）'}`).join('，其次 ')
        : '未配置'
      return {
        data: { sms: shown ?? null, ...(further.length > 0 ? { further } : {}), templates },
        facts: [
          ['短信', words],
          ['短信模板', `${templates} 个`],
        ],
      }
    },
  },
  readExtra: readTemplates,
  fields: smsFields,
  compose: smsContent,
  sample: {},
  previewSchemas: [smsChannelPreviewSchema],
  preview: (content, setup) => ({ channel: 'sms' as const, ...shownOf(content, setup) }),
  // A wording that is not registered here is one at least.
  segments: (content, setup) => Math.max(1, shownOf(content, setup).segments),
  read({ templateId, params }, { extra }) {
    const template = extra?.get(templateId)
    const text = template?.text ? filled(template, params) : params.join('，')
    return { title: '', text, url: '', button: '', picUrl: '' }
  },
  isPaid: true,
  priceOf: smsPriceOf,
  scope: 'sms:send',
  outline: ({ templateId }, { extra }) => outlineOf(extra?.get(templateId)),
  partSize: 200,
  callsAtMost: 16,
  usualMs: 500,
  ways: setup => vendorsOf(setup).map(wayOf),
  accountOf(setup, way) {
    const vendor = vendorsOf(setup).find(one => wayOf(one) === way)
    return vendor && accountOf(vendor)
  },
  wayWords,
  missing: ({ settings }) => (settings ? undefined : noVendor),
  unreachable(member) {
    if (!member.mobile) return noMobile
    return toE164(member.mobile) ? undefined : badMobile
  },
  addressOf: member => toE164(member.mobile),
  // The numbers in one call must be all mainland or all foreign (docs/upstream/sms.md#tencent-cloud).
  kindOf: member => (toE164(member.mobile)?.startsWith('+86') ? 'mainland' : 'foreign'),
  send: sendSms,
  ask: askVendor,
  toAddress: {
    label: { zh: '手机号', en: 'Mobile number' },
    async send(ctx, corpId, setup, address, { templateId, params }, { key, way }) {
      const phone = toE164(address)
      if (!phone)
        throw new ApiError('badParameter', {
          zh: 'address 不是手机号',
          en: 'address is not a mobile number',
        })
      const template = setup.extra?.get(templateId)
      if (!setup.settings || !template) return { kind: 'refused', reason: notSetUp, isConfig: true }
      const first = way ?? wayOf(setup.settings)
      return deliverSms(ctx, corpId, setup, template, { phones: [phone], params, context: key }, first)
    },
  },
  answered: (tx, calls, at) =>
    putSerials(
      tx,
      calls.flatMap(({ part: { corpId, messageId, n, ways }, serials = [] }) =>
        serials.map(({ phone, serial }) => ({
          corpId,
          way: ways?.at(-1) ?? '',
          serial,
          context: `${messageId}.${n}`,
          phone: toE164(phone) ?? phone,
        })),
      ),
      at,
    ),
  receipts: {
    async sources(ctx, corpId, setup) {
      const sources = await Promise.all(vendorsOf(setup).map(one => sourceOf(ctx, corpId, one)))
      const pushed: ReceiptSource = {
        take: (tx, ofCorp, limit) => takePushed(tx, ofCorp, limit, new Date(ctx.now())),
      }
      return [pushed, ...sources.flatMap(one => one ?? [])]
    },
    alsoOf: corpsWithReceipts,
    addressOf: member => toE164(member.mobile),
  },
} as const satisfies Channel<SmsSettings, SmsContent, SmsTemplates>
