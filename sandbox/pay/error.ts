/**
 * WeChat Pay's errors: HTTP status, internal code and text where a call says none of its own
 * (docs/upstream/wechat-pay-calls.md#errors).
 */
export const payErrors = {
  ACCEPTED: [202, 0, '已受理，请使用原参数重复请求一遍'],
  PARAM_ERROR: [400, 268435461, '参数错误'],
  INVALID_REQUEST: [400, 268435464, '无效请求'],
  APPID_MCHID_NOT_MATCH: [400, 268445527, 'appid和mch_id不匹配'],
  MCH_NOT_EXISTS: [400, 268435464, '商户号不存在'],
  ORDER_CLOSED: [400, 268447914, '订单已关闭'],
  ORDERPAID: [400, 268449538, '订单已支付'],
  NO_STATEMENT_EXIST: [400, 268435464, '账单文件不存在'],
  STATEMENT_CREATING: [400, 268435464, '账单生成中'],
  SIGN_ERROR: [401, 268443699, '签名错误'],
  NO_AUTH: [403, 268443715, '商户无权限'],
  OUT_TRADE_NO_USED: [403, 268498688, '商户订单号重复'],
  RULE_LIMIT: [403, 268448010, '业务规则限制'],
  TRADE_ERROR: [403, 268435464, '交易错误'],
  TRADE_OVERDUE: [403, 268435464, '订单已经超过退款的最大期限'],
  NOT_ENOUGH: [403, 268435464, '基本账户余额不足，请充值后重新发起'],
  USER_ACCOUNT_ABNORMAL: [403, 268435464, '用户账号异常'],
  ORDER_NOT_EXIST: [404, 268512771, '订单不存在'],
  RESOURCE_NOT_EXISTS: [404, 268512771, '查询的资源不存在'],
  FREQUENCY_LIMITED: [429, 268447840, '频率超限'],
  RATELIMIT_EXCEEDED: [429, 268447840, '频率超限'],
  SYSTEM_ERROR: [500, 268435457, '系统异常，请用相同参数重新调用'],
  BANK_ERROR: [502, 268435457, '银行系统异常'],
  SERVICE_UNAVAILABLE: [503, 268435457, '服务不可用'],
} as const satisfies Record<string, readonly [status: number, internal: number, message: string]>

export type PayCode = keyof typeof payErrors

export const isPayCode = (code: string): code is PayCode => Object.hasOwn(payErrors, code)

export interface PayErrorOptions {
  message?: string
  detail?: object | undefined
  /** Which case of the code it is, where there are several. */
  internal?: number
}

/** An error that is answered as `{code, message, detail?}`. */
export class PayError extends Error {
  readonly code: PayCode
  readonly status: number
  readonly internal: number
  readonly detail: object | undefined

  constructor(code: PayCode, { message, detail, internal }: PayErrorOptions = {}) {
    const [status, usual, text] = payErrors[code]
    super(message ?? text)
    this.code = code
    this.status = status
    this.internal = internal ?? usual
    this.detail = detail
  }
}
