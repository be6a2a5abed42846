/** A call of WeChat Pay that the sandbox answers. */
export interface CoveredPayCall {
  method: 'GET' | 'POST'
  path: string
  /** Section of upstream-2.md. */
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
  row('POST', 'pay/transactions/jsapi', '17.1', 'a repeat gives the prepay_id again; openid of the AppID'),
  row('POST', 'pay/transactions/native', '17.1', 'code_url'),
  row('POST', 'pay/transactions/h5', '17.1', 'h5_url for five minutes; scene_info required'),
  row('GET', 'pay/transactions/out-trade-no/:number', '17.2', 'REFUND after a partial refund'),
  row('GET', 'pay/transactions/id/:id', '17.2', 'by transaction_id'),
  row('POST', 'pay/transactions/out-trade-no/:number/close', '17.2', '204, also again; not when paid'),
  row('POST', 'refund/domestic/refunds', '17.3', 'accepted only; PROCESSING for a moment, or as set'),
  row('GET', 'refund/domestic/refunds/:number', '17.3', 'by out_refund_no'),
  row('POST', 'refund/domestic/refunds/:id/apply-abnormal-refund', '17.3', 'sealed fields are opened'),
  row('GET', 'certificates', '18.1', '404 for merchants with 微信支付公钥 alone'),
  row('GET', 'bill/tradebill', '18.3', 'ALL, SUCCESS, REFUND; from 10:00 of the next day'),
  row('GET', 'bill/fundflowbill', '18.3', 'the basic account'),
  row('GET', 'billdownload/file', '18.3', 'signed by the merchant, answered unsigned; five minutes'),
]
