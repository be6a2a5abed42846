import { timingSafeEqual } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkTakesPushes } from '../../../organisation/corps/suspension/check-open.ts'
import { inNetworks } from '../../../platform/config.ts'
import type { Core } from '../../../platform/core.ts'
import { type PushHead, PushRefused, upstreamPush } from '../../../platform/http/upstream-push.ts'
import { callerAddress } from '../../../platform/security/caller-address.ts'
import type { Setups } from '../channel.ts'
import { networksOf } from './check-settings.ts'
import { toE164 } from './e164.ts'
import { receiptPath, receiptToken } from './receipt-address.ts'
import { type PushedReceipt, putReceipts } from './receipts-store.ts'
import { type SmsSettings, vendorsOf, wayOf } from './settings.ts'

type Needs = Core & { corps: Corps; messageSettings: Setups }
type PushingVendor = Exclude<SmsSettings['vendor'], 'http'>
type Head = { corpId: string; way: string; vendor: PushingVendor }

const bodyAtMost = 256 * 1024
const rowsAtMost = 1000
const textAtMost = 200

/**
 * Where a vendor tells what became of SMS (docs/upstream/sms.md#receipts-by-push). None of them signs, so that the address cannot be guessed,
 * the caller's own must be listed, and a receipt counts by the id of a send alone.
 */
export const smsReceipts = upstreamPush({
  path: receiptPath,
  section: 'wisp',
  bodyAtMost,
  check(ctx: Needs, head): Head {
    const { corpId = '', way = '', token = '' } = head.params as Record<string, string>
    const setup = ctx.messageSettings.setupOf<SmsSettings>(corpId, 'sms')
    const sms = vendorsOf(setup).find(one => wayOf(one) === way)
    if (
      !sms ||
      sms.vendor === 'http' ||
      !ctx.corps.find(corpId) ||
      !isSame(token, receiptToken(ctx, corpId, way))
    )
      throw new PushRefused(404, 'there is no such address')
    checkTakesPushes(ctx, corpId)
    checkListed(head, sms, corpId)
    return { corpId, way, vendor: sms.vendor }
  },
  verify(_ctx, { vendor, ...whose }, body) {
    const receipts = readers[vendor](body.toString()).filter(one => one.context !== '' || one.serial !== '')
    if (receipts.length > rowsAtMost) throw new PushRefused(400, `more than ${rowsAtMost} receipts`)
    return { ...whose, vendor, receipts }
  },
  // Vendors repeat what was not taken, and are asked besides.
  owner: () => undefined,
  async handle(ctx: Needs, { corpId, way, vendor, receipts }) {
    await putReceipts(ctx.db, corpId, way, receipts, new Date(ctx.now()))
    return { type: json, body: JSON.stringify(taken[vendor]) }
  },
  refusal: message => ({
    type: json,
    body: JSON.stringify({ code: 1, result: 1, errmsg: message, msg: message }),
  }),
})

const json = 'application/json; charset=utf-8'
const taken: Record<PushingVendor, object> = {
  aliyun: { code: 0, msg: '接收成功' },
  tencent: { result: 0, errmsg: 'OK' },
  huawei: { code: '000000' },
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function checkListed(head: PushHead, { receiptsFrom = '' }: SmsSettings, corpId: string): void {
  const networks = receiptsFrom ? networksOf(receiptsFrom) : undefined
  if (!networks || !inNetworks(networks, callerAddress(head)))
    throw new PushRefused(403, 'receipts are not taken from this address', corpId)
}

const readers: Record<PushingVendor, (body: string) => PushedReceipt[]> = {
  aliyun: body =>
    rowsOf(body).map(row => ({
      context: textOf(row, 'out_id'),
      serial: textOf(row, 'biz_id'),
      phone: phoneOf(textOf(row, 'phone_number')),
      isDelivered: row['success'] === true,
      reason: textOf(row, 'err_code') || textOf(row, 'err_msg'),
    })),
  tencent: body =>
    rowsOf(body).map(row => ({
      context: textOf(row, 'ext'),
      serial: textOf(row, 'sid'),
      phone: phoneOf(withNation(textOf(row, 'nationcode'), textOf(row, 'mobile'))),
      isDelivered: row['report_status'] === 'SUCCESS',
      reason: textOf(row, 'errmsg') || textOf(row, 'description'),
    })),
  huawei(body) {
    const form = new URLSearchParams(body)
    const status = (form.get('status') ?? '').slice(0, textAtMost)
    if (status === '') throw new PushRefused(400, 'status is missing')
    const serial = (form.get('smsMsgId') ?? '').slice(0, textAtMost)
    const phone = phoneOf((form.get('to') ?? '').slice(0, textAtMost))
    return [{ context: '', serial, phone, isDelivered: /^DELIV(E?RD|ERED)$/.test(status), reason: status }]
  },
}

function rowsOf(body: string): Record<string, unknown>[] {
  let rows: unknown
  try {
    rows = JSON.parse(body)
  } catch {
    throw new PushRefused(400, 'the body is not JSON')
  }
  if (!Array.isArray(rows) || rows.some(row => typeof row !== 'object' || row === null))
    throw new PushRefused(400, 'the body is no list of receipts')
  return rows as Record<string, unknown>[]
}

function textOf(row: Record<string, unknown>, name: string): string {
  const value = row[name]
  return typeof value === 'string' && !value.includes('\0') ? value.slice(0, textAtMost) : ''
}

const withNation = (nation: string, mobile: string) =>
  nation && nation !== '86' && !mobile.startsWith('+') ? `+${nation}${mobile}` : mobile

const phoneOf = (text: string) => (text ? (toE164(text) ?? '') : '')
