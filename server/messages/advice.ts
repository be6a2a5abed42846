import { explainErrcode } from '../upstream/wecom/errors.ts'
import type { ChannelName } from './store.ts'

/** What to do about an answer of upstream's, in words; undefined where the answer says it all. */
export function adviceOf(channel: ChannelName, answer: string): string | undefined {
  if (channel === 'wecom') return wecomAdvice(answer)
  const table = channel === 'email' ? mail : sms
  return table.find(([pattern]) => pattern.test(answer))?.[1]
}

function wecomAdvice(answer: string): string | undefined {
  const errcode = /企业微信 (-?\d+) /.exec(answer)?.[1]
  if (errcode !== undefined) {
    const { kind, fix } = explainErrcode(Number(errcode))
    if (fix) return fix
    if (Number(errcode) === 81013) return outOfSight
    if (kind === 'limit') return '已达到企业微信的频率上限，稍后会自动重试，无需重复发送。'
    if (kind === 'busy') return '企业微信暂时繁忙，稍后会自动重试，无需重复发送。'
  }
  return wecom.find(([pattern]) => pattern.test(answer))?.[1]
}

const outOfSight =
  '请到企业微信管理后台「应用管理」打开该应用，把此成员加入可见范围，并确认成员已激活企业微信。'

type Table = [RegExp, string][]

const wecom: Table = [
  [/可见范围/, outOfSight],
  [/接口许可/, '请到企业微信管理后台为该成员分配接口许可。'],
  [
    /无应答|无法连接/,
    '请检查本机能否访问 qyapi.weixin.qq.com，以及 WISP_OUTBOUND_PROXY 所设的代理是否可用。',
  ],
  [/未开放消息用途/, '请到「系统 → 企业」打开该应用的「消息」用途。'],
  [/未配置消息中心/, '请在上方选择一个用于发送消息的企业微信应用。'],
  [/已移除/, '请重新添加该企业微信应用，或在上方另选一个。'],
]

const mail: Table = [
  [/没有邮箱/, '请换一名有邮箱的成员，或直接填写邮箱地址。'],
  [/未配置/, '请先填写并保存邮件服务器。'],
  [
    /\b(535|534|530)\b|EAUTH/,
    '请核对用户名和密码；QQ、163、Gmail 等邮箱要用「授权码」或「应用专用密码」，并先在邮箱设置中开启 SMTP。',
  ],
  [
    /certificate|self.signed|CERT_|altnames/i,
    '证书不受信任：请核对服务器名与证书一致；自建证书机构请把其 PEM 证书填入「证书机构」。',
  ],
  [
    /wrong version number|ETLS|STARTTLS/i,
    '加密方式与端口不符：465 端口通常用 TLS，587 端口通常用 STARTTLS，25 端口可能不加密。',
  ],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, '找不到这个主机名，请核对拼写和本机的 DNS。'],
  [/ECONNREFUSED/, '服务器拒绝连接，请核对主机与端口。'],
  [
    /ETIMEDOUT|ECONNECTION|ESOCKET|EHOSTUNREACH|ENETUNREACH|timeout/i,
    '连接超时：请核对主机、端口和加密方式，并确认防火墙放行；许多云主机封禁 25 端口，请改用 465 或 587。',
  ],
  [/\b(553|501)\b|sender/i, '服务器不接受这个发件人：多数邮箱要求发件人地址与登录用户相同。'],
  [/\b550\b/, '服务器拒收：请核对收件地址；若提示发件人或域名，请检查发件人地址和域名的 SPF、DKIM 记录。'],
  [/\b(554|571)\b/, '被判为垃圾邮件或策略拒绝：请检查发件域名的 SPF、DKIM、DMARC 记录。'],
  [/\b(421|450|451|452)\b/, '服务器暂时不接收，稍后会自动重试，无需重复发送。'],
]

const sms: Table = [
  [/没有手机号|手机号无效/, '请换一名有手机号的成员，或直接填写手机号。'],
  [/未配置/, '请先填写并保存短信服务商，并登记模板。'],
  [/AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId/, '请核对密钥 ID 与密钥；密钥可能已被禁用或轮换。'],
  [
    /UnauthorizedOperation|RAM_PERMISSION_DENY/,
    '该密钥没有短信权限：请在服务商的访问管理中为它授权短信服务。',
  ],
  [/SdkAppId/i, '请核对腾讯云短信控制台「应用管理」中的 SdkAppId。'],
  [
    /Signature(Incorrect|NotFound)|SMS_SIGNATURE/i,
    '签名未通过审核或写法不同：请到服务商控制台核对签名，不带【】。',
  ],
  [
    /Template(Incorrect|ParamSet)|SMS_TEMPLATE|TEMPLATE_(MISSING|PARAMS)/i,
    '模板未通过审核、编号不符，或变量数量、名称与登记的不同：请到服务商控制台核对。',
  ],
  [/InsufficientBalance|AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE/, '余额或套餐包已用完，请到服务商充值。'],
  [
    /(DAY|BUSINESS)_LIMIT_CONTROL|LimitExceeded/,
    '触发了服务商的频率限制，请稍后再试，或到服务商控制台调整频率设置。',
  ],
  [/BLACKLIST|InBlackList/i, '该号码在服务商的黑名单或已退订。'],
  [/MOBILE_NUMBER|PhoneNumber/i, '号码不被服务商接受，请核对；境外号码须开通国际短信。'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|timeout/i, '无法连接服务商，请检查本机的网络和 DNS。'],
]
