import type { PayError } from './errors.ts'

type Words = { readonly zh: string; readonly en: string }

/**
 * What follows a code: `repeat` with the same parameters, also at the other host; `slower` the same after a longer pause;
 * `ask` what became of the order before anything else; `setUp`: something at WeChat Pay or at the merchant has to be
 * changed; `fix` the request; `absent`: there is no such thing.
 */
export type NextStep = 'repeat' | 'slower' | 'ask' | 'setUp' | 'fix' | 'absent'

export type PayCodeInfo = {
  next: NextStep
  text: Words
  fix?: Words
  /** The merchant, its keys or its AppID may not make such calls, until somebody changes that. */
  isRight?: true
}

const merchantSite: Words = {
  zh: '微信支付商户平台（pay.weixin.qq.com）',
  en: "WeChat Pay's merchant platform",
}
const askFirst: Words = {
  zh: '请先查询该订单的状态，再决定下一步。',
  en: 'Ask for the state of the order first.',
}
const tooMany: PayCodeInfo = {
  next: 'slower',
  text: { zh: '调用过于频繁', en: 'too many calls' },
  fix: {
    zh: '系统会稍后以相同参数重试；退款可能已在处理中，请先查询。',
    en: 'The same call is repeated later; a refund may be under way, so ask for it first.',
  },
}
const noRight: PayCodeInfo = {
  isRight: true,
  next: 'setUp',
  text: { zh: '商户没有此接口的权限', en: 'the merchant may not use this call' },
  fix: {
    zh: `请到${merchantSite.zh}「产品中心」开通对应产品，并检查商户号是否被限制。`,
    en: `Apply for the product at ${merchantSite.en} (产品中心), and see whether the merchant is restricted.`,
  },
}
const notPaired: PayCodeInfo = {
  isRight: true,
  next: 'setUp',
  text: { zh: 'AppID 与商户号没有绑定', en: 'the AppID is not bound to the merchant' },
  fix: {
    zh: `请到${merchantSite.zh}「产品中心 → AppID账号管理」关联该 AppID，并由 AppID 的管理员确认。`,
    en: `Bind the AppID at ${merchantSite.en}: 产品中心 → AppID账号管理, and have its administrator confirm.`,
  },
}

/** The only table of WeChat Pay's codes (docs/upstream/wechat-pay-calls.md#errors). */
export const codes: Readonly<Record<string, PayCodeInfo>> = {
  PARAM_ERROR: { next: 'fix', text: { zh: '参数错误', en: 'a parameter is wrong' } },
  INVALID_REQUEST: {
    next: 'fix',
    text: { zh: '请求不符合业务规则', en: 'the request is against the rules' },
  },
  APPID_MCHID_NOT_MATCH: notPaired,
  MCH_NOT_EXISTS: {
    isRight: true,
    next: 'setUp',
    text: { zh: '商户号不存在', en: 'there is no such merchant' },
    fix: { zh: '请核对商户号（mchid）。', en: 'Compare the merchant number (mchid).' },
  },
  SIGN_ERROR: {
    isRight: true,
    next: 'setUp',
    text: { zh: '签名错误', en: 'the signature is wrong' },
    fix: {
      zh: `请核对商户号、证书序列号与私钥是否为同一套（${merchantSite.zh}「账户中心 → API安全」），并检查服务器时间。`,
      en: `Compare merchant number, certificate serial and private key (${merchantSite.en}: 账户中心 → API安全), and this server's clock.`,
    },
  },
  NO_AUTH: noRight,
  NOAUTH: noRight,
  OUT_TRADE_NO_USED: {
    next: 'ask',
    text: { zh: '商户订单号已用于其他参数', en: 'the order number was used with other parameters' },
    fix: askFirst,
  },
  ORDER_CLOSED: { next: 'ask', text: { zh: '订单已关闭', en: 'the order is closed' }, fix: askFirst },
  ORDERPAID: { next: 'ask', text: { zh: '订单已支付', en: 'the order is paid' }, fix: askFirst },
  TRADE_ERROR: { next: 'ask', text: { zh: '交易错误', en: 'the trade failed' }, fix: askFirst },
  RULE_LIMIT: {
    next: 'setUp',
    text: { zh: '触发业务规则限制', en: 'a business rule of WeChat Pay forbids it' },
    fix: {
      zh: `请到${merchantSite.zh}查看商户号的交易限额和风险提示。`,
      en: `See the merchant's limits and risk notices at ${merchantSite.en}.`,
    },
  },
  NOT_ENOUGH: {
    next: 'setUp',
    text: { zh: '商户余额不足，无法退款', en: "the merchant's balance does not cover the refund" },
    fix: {
      zh: '请为商户号充值，然后用同一退款单号重试。',
      en: 'Top up the merchant, then repeat with the same refund number.',
    },
  },
  USER_ACCOUNT_ABNORMAL: {
    next: 'fix',
    text: { zh: '用户账户异常或已注销', en: "the payer's account is abnormal or was closed" },
    fix: { zh: '请与付款人联系，通过其他方式退款。', en: 'Agree on another way of refund with the payer.' },
  },
  ORDER_NOT_EXIST: { next: 'absent', text: { zh: '订单不存在', en: 'there is no such order' } },
  RESOURCE_NOT_EXISTS: { next: 'absent', text: { zh: '查询的资源不存在', en: 'there is no such thing' } },
  NO_STATEMENT_EXIST: { next: 'absent', text: { zh: '当日没有账单', en: 'there is no bill of that day' } },
  STATEMENT_CREATING: {
    next: 'absent',
    text: { zh: '账单正在生成', en: 'the bill is being made' },
    fix: {
      zh: '次日 10 点后账单才会就绪，系统每半小时重试。',
      en: 'Bills are ready from 10:00 of the next day; it is tried every half hour.',
    },
  },
  FREQUENCY_LIMITED: tooMany,
  FREQUENCY_LIMIT_EXCEED: tooMany,
  RATELIMIT_EXCEEDED: tooMany,
  RATELIMIT_EXCEED: tooMany,
  SYSTEM_ERROR: { next: 'repeat', text: { zh: '微信支付系统错误', en: 'a fault in WeChat Pay' } },
  SERVICE_UNAVAILABLE: { next: 'repeat', text: { zh: '微信支付暂不可用', en: 'WeChat Pay is unavailable' } },
  TRADE_OVERDUE: {
    next: 'fix',
    text: { zh: '订单已超过可退款期限', en: 'the order is too old to be refunded' },
    fix: {
      zh: '支付后 365 天内才能退款，请通过其他方式退款。',
      en: 'Refunds are possible for 365 days; refund in another way.',
    },
  },
  REFUND_FEE_MISMATCH: {
    next: 'ask',
    text: {
      zh: '退款金额与之前的请求不一致',
      en: 'the amount is not that of the earlier request with this number',
    },
    fix: { zh: '请先查询该退款单。', en: 'Ask for the refund of this number first.' },
  },
}

/** What the number behind a code adds to it (docs/upstream/wechat-pay-calls.md#errors). */
const internalCodes: Readonly<Record<string, Words>> = {
  268512771: { zh: '微信支付没有这笔订单', en: 'WeChat Pay has no such order' },
  268447840: { zh: '超过频率限制', en: 'the rate limit is exceeded' },
  268435461: { zh: '参数不合法', en: 'a parameter is not valid' },
  268449538: { zh: '订单已支付', en: 'the order is paid already' },
  268498689: { zh: '订单已支付', en: 'the order is paid already' },
  270924358: { zh: '请求包含未知字段', en: 'the request has an unknown field' },
  268443715: {
    zh: '商户号已被停用，请联系微信支付',
    en: 'the merchant is disabled: WeChat Pay has to be asked',
  },
  268447843: { zh: '该订单属于其他商户', en: "the order is another merchant's" },
  268447914: { zh: '订单已过期，请重新下单', en: 'the order has expired: a new one is needed' },
  268448010: {
    zh: '商户收款功能受限，请到商户平台处理',
    en: 'the merchant may not receive money: see the merchant platform',
  },
  268443699: { zh: '签名验证失败', en: 'the signature does not verify' },
  268501013: { zh: '缺少付款人的 openid', en: "the payer's openid is missing" },
  268498688: {
    zh: '同一订单号再次下单时参数与之前不同',
    en: 'the order number was repeated with other parameters',
  },
  268445527: { zh: 'AppID 与商户号不匹配', en: 'AppID and merchant do not match' },
  268435464: { zh: '参数超出允许范围', en: 'a parameter is out of range' },
}

const openidOfAnother = /openid/i

/** What a refusal means, and what to do about it. The page shows WeChat Pay's own words beside it. */
export function explainPayError(error: PayError): PayCodeInfo & { internal?: Words } {
  const internal = internalCodes[error.internalCode]
  return { ...infoOf(error), ...(internal ? { internal } : {}) }
}

function infoOf({ code, status, said: text }: PayError): PayCodeInfo {
  if (code === 'SIGN_ERROR' && /5\s*分钟|timestamp/.test(text))
    return {
      next: 'setUp',
      text: { zh: '服务器时间与微信支付相差超过 5 分钟', en: 'the clock is off by more than 5 minutes' },
      fix: { zh: '请校准服务器时间（NTP）。', en: "Set this server's clock (NTP)." },
    }
  if ((code === 'PARAM_ERROR' || code === 'INVALID_REQUEST') && openidOfAnother.test(text))
    return {
      next: 'fix',
      text: { zh: 'openid 无效或不属于该 AppID', en: "the openid is not valid, or another AppID's" },
      fix: {
        zh: '请检查下单所用的 AppID 与获取 openid 的公众号（或企业 ID）是否一致。',
        en: 'The AppID of the order must be the one (or the corpId) that the openid was got from.',
      },
    }
  const known = codes[code]
  if (known) return known
  if (status === 429) return tooMany
  if (status >= 500) return codes['SYSTEM_ERROR'] as PayCodeInfo
  return { next: 'fix', text: { zh: '微信支付拒绝了请求', en: 'WeChat Pay refused' } }
}
