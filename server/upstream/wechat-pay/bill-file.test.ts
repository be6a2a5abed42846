import { expect, it } from 'vitest'
import { BillFault, readFundBill, readTradeBill } from './bill-file.ts'

const header =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
/** The documentation's own line (docs/upstream/wechat-pay-bills.md#trade-bill). */
const paid =
  '`2021-01-28 17:07:11,`wx81be3101902f7cb2,`1601959334,`0,`,`4200000925202101284997714292,`S20210128170702357723,`ofyak5qR_1wYsC99CsWA6R9MJazA,`NATIVE,`SUCCESS,`OTHERS,`CNY,`0.01,`0.00,`0,`0,`0.00,`0.00,`,`,`for testing,`cipher code,`0.00000,`1.00%,`0.01,`0.00,`'
const refunded = paid
  .replace('`SUCCESS', '`REFUND')
  .replace('`0,`0,`0.00,`0.00,`,`,', '`5030,`R1,`0.29,`0.00,`ORIGINAL,`SUCCESS,')
  .replace(/`0.00,`$/, '`0.29,`')
const revoked = paid.replace('`SUCCESS', '`REVOKED')
const names = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const summary = (n: number) => `${names}\r\n\`${n},\`0.01,\`0.00,\`0.00,\`0.00000,\`0.01,\`0.00\r\n`
const bill = (...lines: string[]) => `\uFEFF${[header, ...lines].join('\r\n')}\r\n${summary(lines.length)}`

it('reads payments and refunds to the fen', () => {
  expect(readTradeBill(bill(paid, refunded, revoked))).toEqual({
    payments: [
      {
        outTradeNo: 'S20210128170702357723',
        transactionId: '4200000925202101284997714292',
        amount: 1,
        at: new Date('2021-01-28T09:07:11Z'),
      },
    ],
    refunds: [
      {
        outTradeNo: 'S20210128170702357723',
        outRefundNo: 'R1',
        refundId: '5030',
        amount: 29,
        status: 'SUCCESS',
      },
    ],
  })
})

it('reads a file with a column more, and one without lines', () => {
  const wider = bill(paid).replace(header, `新的一列,${header}`).replace(paid, `\`x,${paid}`)
  expect(readTradeBill(wider).payments).toHaveLength(1)
  expect(readTradeBill(bill())).toEqual({ payments: [], refunds: [] })
})

it.each([
  ['nothing', '', /no column 交易时间/],
  ['a page', '<html>busy</html>', /no column/],
  ['a file that is cut off', `${header}\n${paid}`, /cut off/],
  ['a line that is cut off', bill(paid.slice(0, 60)), /line 2 has \d+ of 27 fields/],
  ['a missing line', bill(paid, paid).replace(`${paid}\r\n`, ''), /has 1 lines, and says that it has 2/],
  ['a column less', bill(paid).replace('订单金额,申请', '申请'), /no column 订单金额/],
  ['another amount', bill(paid).replace('`1.00%,`0.01', '`1.00%,`1e3'), /1e3 is no amount/],
])('refuses %s', (_name, text, why) => {
  expect(() => readTradeBill(text)).toThrow(why)
  expect(() => readTradeBill(text)).toThrow(BillFault)
})

it('reads the fund bill', () => {
  const text = `记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
\`2021-01-28 17:07:11,\`4200,\`F1,\`交易,\`交易,\`收入,\`12.30,\`12.30,\`system,\`,\`4200
\`2021-01-28 17:08:11,\`5030,\`F2,\`退款,\`退款,\`支出,\`0.29,\`12.01,\`system,\`,\`R1
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
\`2,\`1,\`12.30,\`1,\`0.29
`
  expect(readFundBill(text)).toEqual([
    { serial: 'F1', businessNo: '4200', voucher: '4200', type: '交易', amount: 1230 },
    { serial: 'F2', businessNo: '5030', voucher: 'R1', type: '退款', amount: -29 },
  ])
  expect(() => readFundBill(text.replace('`收入', '`其他'))).toThrow(/收支类型 is 其他/)
})
