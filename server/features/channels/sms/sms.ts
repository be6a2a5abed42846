import { ApiError } from '../../../platform/http/errors.ts'
import type { SmsReceipt } from '../../../upstream/sms/vendor.ts'
import type { Channel, Receipt, Setup } from '../channel.ts'
import { type SmsContent, smsContent, smsFields } from './content.ts'
import { askVendor, deliverSms, sendSms } from './deliver.ts'
import { toE164 } from './e164.ts'
import { filled, outlineOf, smsChannelPreviewSchema, smsPreview } from './preview.ts'
import { type SmsReason, smsReasons, smsTextAdvice } from './reasons.ts'
import { checkSms, type SmsSettings, smsSettingFields } from './settings.ts'
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
    isReady: (settings, _corp, extra) => settings !== undefined && (extra?.size ?? 0) > 0,
    isBegun: ({ settings, extra }) => settings !== undefined || (extra?.size ?? 0) > 0,
    takes: { zh: '短信服务商和至少一个短信模板', en: 'a vendor and at least one template' },
    offFlag: '--no-sms-vendor',
    describe({ settings, extra }) {
      const shown = settings && { vendor: settings.vendor, signName: settings.signName }
      const templates = extra?.size ?? 0
      const words = shown ? `${shown.vendor} 签名 ${shown.signName || '（见模板）'}` : '未配置'
      return {
        data: { sms: shown ?? null, templates },
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
  scope: 'sms:send',
  outline: ({ templateId }, { extra }) => outlineOf(extra?.get(templateId)),
  partSize: 200,
  callsAtMost: 16,
  usualMs: 500,
  missing: ({ settings }) => (settings ? undefined : noVendor),
  unreachable(member) {
    if (!member.mobile) return noMobile
    return toE164(member.mobile) ? undefined : badMobile
  },
  // The numbers in one call must be all mainland or all foreign (docs/upstream/sms.md#tencent-cloud).
  kindOf: member => (toE164(member.mobile)?.startsWith('+86') ? 'mainland' : 'foreign'),
  send: sendSms,
  ask: askVendor,
  toAddress: {
    label: { zh: '手机号', en: 'Mobile number' },
    async send(ctx, corpId, { settings, extra }, address, { templateId, params }, key) {
      const phone = toE164(address)
      if (!phone)
        throw new ApiError('badParameter', {
          zh: 'address 不是手机号',
          en: 'address is not a mobile number',
        })
      const template = extra?.get(templateId)
      if (!settings || !template) return { kind: 'refused', reason: notSetUp, isConfig: true }
      return deliverSms(ctx, corpId, settings, template, { phones: [phone], params, context: key })
    },
  },
  receipts: {
    async source(ctx, corpId, { settings }) {
      const vendor = settings && (await vendorOf(ctx, corpId, settings))
      if (!vendor || 'kind' in vendor) return undefined
      const { find, pullReceipts } = vendor
      if (pullReceipts) return { pull: async () => (await pullReceipts()).map(receiptOf) }
      return {
        async ask({ address, context, sentAt }) {
          const found = await find(address, context, sentAt)
          return found === undefined || found === 'pending' ? undefined : receiptOf(found)
        },
      }
    },
    addressOf: member => toE164(member.mobile),
  },
} as const satisfies Channel<SmsSettings, SmsContent, SmsTemplates>
