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
]
