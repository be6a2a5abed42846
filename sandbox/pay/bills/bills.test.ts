import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { MerchantCaller, payControl } from '../test/merchant-caller.ts'

/** Nine in the morning in China. */
const morning = Date.parse('2026-11-26T09:00:00+08:00')
const day = '2026-11-26'
const now = morning
let sandbox: Sandbox
let merchant: MerchantCaller
const numbers: string[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ members: 10, now: () => now })
  merchant = new MerchantCaller(sandbox, undefined, () => now)
  await payControl(sandbox, 'settings', { apiV3Key: null })
  for (const total of [100, 12_345, 5000]) {
    const order = merchant.order({ amount: { total }, description: '物业费,水费', attach: 'a' })
    await merchant.post('/v3/pay/transactions/native', order)
    numbers.push(String(order['out_trade_no']))
    await payControl(sandbox, 'pay', { outTradeNo: numbers.at(-1) })
  }
  await merchant.post('/v3/refund/domestic/refunds', {
    out_trade_no: numbers[1],
    out_refund_no: 'R1',
    amount: { refund: 345, total: 12_345, currency: 'CNY' },
  })
  await payControl(sandbox, 'clock', { seconds: 60 })
})
afterAll(() => sandbox.close())

const ask = (name: string, query: Record<string, string>) =>
  merchant.get(`/v3/bill/${name}?${new URLSearchParams({ bill_date: day, ...query })}`)

/** Follows the address of a bill, and answers its lines. */
async function lines(name: string, query: Record<string, string> = {}): Promise<string[]> {
  const { body } = await ask(name, query)
  const { pathname, search } = new URL(String(body['download_url']))
  const file = await merchant.get(pathname + search)
  const text = query['tar_type'] ? gunzipSync(file.bytes) : file.bytes
  expect(createHash('sha1').update(text).digest('hex')).toBe(body['hash_value'])
  expect(file.headers.get('wechatpay-signature')).toBeNull()
  return text.toString().split('\r\n')
}

const cells = (line: string): string[] => line.split(',`').map(cell => cell.replace(/^`/, ''))

test('a bill is ready from ten o’clock of the next day', async () => {
  expect((await ask('tradebill', {})).body['message']).toBe('账单日期必须早于今天')
  await payControl(sandbox, 'clock', { seconds: 24 * 3600 })
  expect((await ask('tradebill', {})).body).toMatchObject({ code: 'STATEMENT_CREATING' })
  await payControl(sandbox, 'clock', { seconds: 3600 })
  expect((await ask('tradebill', {})).body).toMatchObject({ hash_type: 'SHA1' })
  expect((await ask('tradebill', { bill_date: '2026-11-25' })).body).toMatchObject({
    code: 'NO_STATEMENT_EXIST',
  })
  expect((await ask('tradebill', { bill_date: '2026-02-30' })).body).toMatchObject({ code: 'PARAM_ERROR' })
  expect((await ask('tradebill', { bill_date: '2026-01-01' })).body).toMatchObject({
    code: 'INVALID_REQUEST',
  })
})

test('the trade bill has a row for each payment and refund, and their sums', async () => {
  const [head, ...rows] = await lines('tradebill')
  expect(head).toBe(
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
  )
  expect(rows).toHaveLength(7)
  const columns = head!.split(',')
  const row = Object.fromEntries(cells(rows[1]!).map((cell, index) => [columns[index], cell]))
  expect(row).toMatchObject({
    商户订单号: numbers[1],
    交易类型: 'NATIVE',
    交易状态: 'SUCCESS',
    订单金额: '123.45',
    手续费: '0.74000',
    费率: '0.60%',
    商品名称: '物业费\\ 水费',
  })
  const refund = Object.fromEntries(cells(rows[3]!).map((cell, index) => [columns[index], cell]))
  expect(refund).toMatchObject({
    商户退款单号: 'R1',
    退款金额: '3.45',
    退款状态: 'SUCCESS',
    订单金额: '0.00',
  })
  expect(cells(rows[5]!)).toEqual(['4', '174.45', '3.45', '0.00', '1.03000', '174.45', '3.45'])
})

test('by type, packed, with a column more and with what a script made of it', async () => {
  const success = await lines('tradebill', { bill_type: 'SUCCESS', tar_type: 'GZIP' })
  expect(success[0]).not.toContain('退款')
  const refunds = await lines('tradebill', { bill_type: 'REFUND' })
  expect(refunds[0]).toContain('退款申请时间,退款成功时间,微信退款单号')
  expect(refunds).toHaveLength(5)
  await payControl(sandbox, 'settings', { billExtraColumn: true, billHashOf: 'file' })
  const wider = await lines('tradebill')
  expect(wider[0]!.split(',')).toHaveLength(28)
  expect(cells(wider[1]!)).toHaveLength(28)
  await payControl(sandbox, 'settings', { billExtraColumn: false })
  await payControl(sandbox, 'bill', { outTradeNo: numbers[0], leaveOut: true })
  await payControl(sandbox, 'bill', { outTradeNo: numbers[2], total: 4999 })
  const changed = (await lines('tradebill')).join('\n')
  expect(changed).not.toContain(numbers[0])
  expect(changed).toContain('49.99')
  for (const outTradeNo of numbers) await payControl(sandbox, 'bill', { outTradeNo })
})

test('the fund bill has what came, fees and what went', async () => {
  const [head, ...rows] = await lines('fundflowbill')
  expect(head).toMatch(/^记账时间,微信支付业务单号,.*,业务凭证号$/)
  expect(rows.slice(0, -3).map(line => cells(line).slice(4, 8))).toEqual([
    ['交易', '收入', '1.00', '1.00'],
    ['扣除交易手续费', '支出', '0.01', '0.99'],
    ['交易', '收入', '123.45', '124.44'],
    ['扣除交易手续费', '支出', '0.74', '123.70'],
    ['交易', '收入', '50.00', '173.70'],
    ['扣除交易手续费', '支出', '0.30', '173.40'],
    ['退款', '支出', '3.43', '169.97'],
  ])
  expect(cells(rows.at(-2)!)).toEqual(['7', '3', '174.45', '4', '4.48'])
  expect((await ask('fundflowbill', { account_type: 'FEES' })).body).toMatchObject({
    code: 'NO_STATEMENT_EXIST',
  })
})

test('an address is good for five minutes, for its merchant and signed', async () => {
  const { pathname, search } = new URL(String((await ask('tradebill', {})).body['download_url']))
  expect((await fetch(sandbox.url + pathname + search)).status).toBe(401)
  await payControl(sandbox, 'clock', { seconds: 301 })
  expect((await merchant.get(pathname + search)).body).toMatchObject({ code: 'INVALID_REQUEST' })
})
