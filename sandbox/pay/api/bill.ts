import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { fundBill } from '../bills/fund.ts'
import { fileOf, type Table } from '../bills/table.ts'
import { billTypes, tradeBill } from '../bills/trade.ts'
import { type Call, type CallRequest, File, get } from '../call.ts'
import { PayError } from '../error.ts'
import { Fields } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import { chinaDay } from '../state/times.ts'

/** Bills and their files (docs/upstream/wechat-pay-bills.md#fetching). */
export const billCalls: readonly Call[] = [
  get('/v3/bill/tradebill', ask => {
    const fields = new Fields(ask.query, 'query')
    const day = readDay(ask.platform, fields)
    const type = fields.oneOf('/bill_type', billTypes) ?? 'ALL'
    const { feeRate } = ask.platform.rules
    return offer(ask, fields, tradeBill(ask.merchant, { day, type, feeRate }))
  }),
  get('/v3/bill/fundflowbill', ask => {
    const fields = new Fields(ask.query, 'query')
    const day = readDay(ask.platform, fields)
    const account = fields.oneOf('/account_type', ['BASIC', 'OPERATION', 'FEES']) ?? 'BASIC'
    const { feeRate } = ask.platform.rules
    return offer(ask, fields, account === 'BASIC' ? fundBill(ask.merchant, { day, feeRate }) : undefined)
  }),
  get('/v3/billdownload/file', ({ platform, merchant, query }) => {
    const token = new Fields(query, 'query').requiredText('/token', { most: 512 })
    const download = platform.downloads.get(token)
    if (!download || download.mchId !== merchant.mchId)
      throw new PayError('RESOURCE_NOT_EXISTS', { message: '账单文件不存在' })
    if (download.expiresAt < platform.schedule.now())
      throw new PayError('INVALID_REQUEST', { message: '账单下载地址已过期' })
    return new File(download.bytes, download.type)
  }),
]

/** A day in China before today, whose bill is ready. */
function readDay({ rules, schedule }: PayPlatform, fields: Fields): string {
  const day = fields.requiredText('/bill_date', { most: 10, pattern: /^\d{4}-\d\d-\d\d$/ })
  const begin = Date.parse(`${day}T00:00:00+08:00`)
  const now = schedule.now()
  if (Number.isNaN(begin) || chinaDay(begin) !== day) throw fields.wrong('/bill_date', '不是有效的日期')
  if (day >= chinaDay(now)) throw new PayError('INVALID_REQUEST', { message: '账单日期必须早于今天' })
  if (now - begin > rules.billDays * 86_400_000)
    throw new PayError('INVALID_REQUEST', { message: '仅支持三个月内的账单下载申请' })
  if (now < begin + (24 + rules.billReadyHour) * 3_600_000) throw new PayError('STATEMENT_CREATING')
  return day
}

function offer(
  { platform, merchant }: CallRequest,
  fields: Fields,
  table: Table | undefined,
): Record<string, unknown> {
  const isPacked = fields.oneOf('/tar_type', ['GZIP']) !== undefined
  if (!table) throw new PayError('NO_STATEMENT_EXIST')
  const { rules, downloads, schedule, url } = platform
  const file = Buffer.from(fileOf(table, rules))
  const bytes = isPacked ? gzipSync(file) : file
  downloads.clean(schedule.now() - 86_400_000)
  const token = downloads.add({
    mchId: merchant.mchId,
    bytes,
    type: isPacked ? 'application/x-gzip' : 'text/plain; charset=utf-8',
    expiresAt: schedule.now() + rules.billLinkSeconds * 1000,
  })
  return {
    hash_type: 'SHA1',
    hash_value: createHash('sha1')
      .update(rules.billHashOf === 'download' ? bytes : file)
      .digest('hex'),
    download_url: `${url}/v3/billdownload/file?token=${token}`,
  }
}
