/** A call of WeChat Pay that the sandbox answers. */
export interface CoveredPayCall {
  method: 'GET' | 'POST'
  path: string
  /** Where docs/upstream tells of it. */
  section: string
  about: string
}

const row = (
  method: CoveredPayCall['method'],
  path: string,
  section: string,
  about: string,
): CoveredPayCall => ({ method, path: `/v3/${path}`, section, about })

/** Every call of WeChat Pay that the sandbox answers. A test compares this table with the routes. */
export const payCoverage: readonly CoveredPayCall[] = [
  row(
    'POST',
    'pay/transactions/jsapi',
    'wechat-pay-orders.md#products',
    'a repeat gives the prepay_id again; openid of the AppID',
  ),
  row('POST', 'pay/transactions/native', 'wechat-pay-orders.md#products', 'code_url'),
  row(
    'POST',
    'pay/transactions/h5',
    'wechat-pay-orders.md#products',
    'h5_url for five minutes; scene_info required',
  ),
  row(
    'GET',
    'pay/transactions/out-trade-no/:number',
    'wechat-pay-orders.md#query-and-close',
    'REFUND after a partial refund',
  ),
  row('GET', 'pay/transactions/id/:id', 'wechat-pay-orders.md#query-and-close', 'by transaction_id'),
  row(
    'POST',
    'pay/transactions/out-trade-no/:number/close',
    'wechat-pay-orders.md#query-and-close',
    '204, also again; not when paid',
  ),
  row(
    'POST',
    'refund/domestic/refunds',
    'wechat-pay-refunds.md#refunding',
    'accepted only; PROCESSING for a moment, or as set',
  ),
  row('GET', 'refund/domestic/refunds/:number', 'wechat-pay-refunds.md#refunding', 'by out_refund_no'),
  row(
    'POST',
    'refund/domestic/refunds/:id/apply-abnormal-refund',
    'wechat-pay-refunds.md#refunding',
    'sealed fields are opened',
  ),
  row(
    'GET',
    'certificates',
    'wechat-pay-calls.md#public-key-and-platform-certificates',
    '404 for merchants with 微信支付公钥 alone',
  ),
  row(
    'GET',
    'bill/tradebill',
    'wechat-pay-bills.md#fetching',
    'ALL, SUCCESS, REFUND; from 10:00 of the next day',
  ),
  row('GET', 'bill/fundflowbill', 'wechat-pay-bills.md#fetching', 'the basic account'),
  row(
    'GET',
    'billdownload/file',
    'wechat-pay-bills.md#fetching',
    'signed by the merchant, answered unsigned; five minutes',
  ),
]
