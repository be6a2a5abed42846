import { type Words, wordsIn } from '../../http/words.ts'
import { explainErrcode } from '../../upstream/wecom/errors.ts'
import type { ChannelName } from '../store.ts'
import type { Reason } from './reason.ts'

/**
 * What to do about an answer from upstream; undefined where the answer says it all. Answers are recognised by the
 * vendor's own words, or by the Chinese side of ours.
 */
export function adviceOf(channel: ChannelName, answer: Reason): Words | undefined {
  const said = wordsIn('zh', answer)
  if (channel === 'wecom') return wecomAdvice(said)
  const table = channel === 'email' ? mail : sms
  return table.find(([pattern]) => pattern.test(said))?.[1]
}

function wecomAdvice(said: string): Words | undefined {
  const errcode = /企业微信 (-?\d+) /.exec(said)?.[1]
  if (errcode !== undefined) {
    const { kind, fix } = explainErrcode(Number(errcode))
    if (fix) return fix
    if (Number(errcode) === 81013) return outOfSight
    if (kind === 'limit') return limited
    if (kind === 'busy') return busy
  }
  return wecom.find(([pattern]) => pattern.test(said))?.[1]
}

const outOfSight: Words = {
  zh: '请到企业微信管理后台「应用管理」打开该应用，把此成员加入可见范围，并确认成员已激活企业微信。',
  en: 'Open the application in the WeCom admin console (App Management), add this member to its visible range, and make sure that the member has activated WeCom.',
}
const limited: Words = {
  zh: '已达到企业微信的频率上限，稍后会自动重试，无需重复发送。',
  en: 'A rate limit of WeCom is reached: it is tried again by itself later, there is no need to send it again.',
}
const busy: Words = {
  zh: '企业微信暂时繁忙，稍后会自动重试，无需重复发送。',
  en: 'WeCom is busy for now: it is tried again by itself later, there is no need to send it again.',
}

type Table = [RegExp, Words][]

const wecom: Table = [
  [/可见范围/, outOfSight],
  [
    /接口许可/,
    {
      zh: '请到企业微信管理后台为该成员分配接口许可。',
      en: 'Give this member a licence for the API in the WeCom admin console.',
    },
  ],
  [
    /无应答|无法连接/,
    {
      zh: '请检查本机能否访问 qyapi.weixin.qq.com，以及 WISP_OUTBOUND_PROXY 所设的代理是否可用。',
      en: 'Check that this machine reaches qyapi.weixin.qq.com, and that the proxy set in WISP_OUTBOUND_PROXY works.',
    },
  ],
  [
    /未开放消息用途/,
    {
      zh: '请到「系统 → 企业」打开该应用的「消息」用途。',
      en: "Let this agent be used for 'Messages' under 'Corps and check-up'.",
    },
  ],
  [
    /未配置消息中心/,
    {
      zh: '请在上方选择一个用于发送消息的企业微信应用。',
      en: 'Choose above the WeCom agent that sends messages.',
    },
  ],
  [
    /已移除/,
    {
      zh: '请重新添加该企业微信应用，或在上方另选一个。',
      en: 'Add this WeCom agent again, or choose another one above.',
    },
  ],
]

const mail: Table = [
  [
    /没有邮箱/,
    {
      zh: '请换一名有邮箱的成员，或直接填写邮箱地址。',
      en: 'Choose a member with a mail address, or type an address.',
    },
  ],
  [/未配置/, { zh: '请先填写并保存邮件服务器。', en: 'Fill in and save the mail server first.' }],
  [
    /\b(535|534|530)\b|EAUTH/,
    {
      zh: '请核对用户名和密码；QQ、163、Gmail 等邮箱要用「授权码」或「应用专用密码」，并先在邮箱设置中开启 SMTP。',
      en: 'Check the user name and the password. QQ, 163, Gmail and others want an authorization code or an app password, and SMTP turned on in the mailbox settings first.',
    },
  ],
  [
    /certificate|self.signed|CERT_|altnames/i,
    {
      zh: '证书不受信任：请核对服务器名与证书一致；自建证书机构请把其 PEM 证书填入「证书机构」。',
      en: "The certificate is not trusted: check that the server's name is the certificate's; for a private certificate authority put its PEM certificate into 'Certificate authority'.",
    },
  ],
  [
    /wrong version number|ETLS|STARTTLS/i,
    {
      zh: '加密方式与端口不符：465 端口通常用 TLS，587 端口通常用 STARTTLS，25 端口可能不加密。',
      en: 'Encryption and port do not fit: port 465 mostly takes TLS, port 587 mostly STARTTLS, port 25 may be without.',
    },
  ],
  [
    /ENOTFOUND|EAI_AGAIN|EDNS/,
    {
      zh: '找不到这个主机名，请核对拼写和本机的 DNS。',
      en: 'This host name is not found: check its spelling and the DNS of this machine.',
    },
  ],
  [
    /ECONNREFUSED/,
    {
      zh: '服务器拒绝连接，请核对主机与端口。',
      en: 'The server refuses the connection: check host and port.',
    },
  ],
  [
    /ETIMEDOUT|ECONNECTION|ESOCKET|EHOSTUNREACH|ENETUNREACH|timeout/i,
    {
      zh: '连接超时：请核对主机、端口和加密方式，并确认防火墙放行；许多云主机封禁 25 端口，请改用 465 或 587。',
      en: 'The connection timed out: check host, port and encryption, and that the firewall lets it through. Many cloud hosts block port 25: use 465 or 587.',
    },
  ],
  [
    /\b(553|501)\b|sender/i,
    {
      zh: '服务器不接受这个发件人：多数邮箱要求发件人地址与登录用户相同。',
      en: 'The server does not take this sender: most want its address to be the user that signs in.',
    },
  ],
  [
    /\b550\b/,
    {
      zh: '服务器拒收：请核对收件地址；若提示发件人或域名，请检查发件人地址和域名的 SPF、DKIM 记录。',
      en: "The server refused it: check the receiver's address; if it names the sender or the domain, check the sender's address and the domain's SPF and DKIM records.",
    },
  ],
  [
    /\b(554|571)\b/,
    {
      zh: '被判为垃圾邮件或策略拒绝：请检查发件域名的 SPF、DKIM、DMARC 记录。',
      en: "It was taken for spam or refused by policy: check the SPF, DKIM and DMARC records of the sender's domain.",
    },
  ],
  [
    /\b(421|450|451|452)\b/,
    {
      zh: '服务器暂时不接收，稍后会自动重试，无需重复发送。',
      en: 'The server takes no mail for now: it is tried again by itself later, there is no need to send it again.',
    },
  ],
]

const sms: Table = [
  [
    /没有手机号|手机号无效/,
    {
      zh: '请换一名有手机号的成员，或直接填写手机号。',
      en: 'Choose a member with a mobile number, or type a number.',
    },
  ],
  [
    /未配置/,
    {
      zh: '请先填写并保存短信服务商，并登记模板。',
      en: 'Fill in and save the SMS vendor first, and register the template.',
    },
  ],
  [
    /AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId/,
    {
      zh: '请核对密钥 ID 与密钥；密钥可能已被禁用或轮换。',
      en: 'Check the key ID and the key; the key may have been disabled or replaced.',
    },
  ],
  [
    /UnauthorizedOperation|RAM_PERMISSION_DENY/,
    {
      zh: '该密钥没有短信权限：请在服务商的访问管理中为它授权短信服务。',
      en: "This key may not send SMS: permit it to use the SMS service in the vendor's access management.",
    },
  ],
  [
    /SdkAppId/i,
    {
      zh: '请核对腾讯云短信控制台「应用管理」中的 SdkAppId。',
      en: 'Check the SdkAppId in the Tencent Cloud SMS console, under its applications.',
    },
  ],
  [
    /Signature(Incorrect|NotFound)|SMS_SIGNATURE/i,
    {
      zh: '签名未通过审核或写法不同：请到服务商控制台核对签名，不带【】。',
      en: "The signature is not approved or is written otherwise: check it in the vendor's console; it goes without 【】.",
    },
  ],
  [
    /Template(Incorrect|ParamSet)|SMS_TEMPLATE|TEMPLATE_(MISSING|PARAMS)/i,
    {
      zh: '模板未通过审核、编号不符，或变量数量、名称与登记的不同：请到服务商控制台核对。',
      en: "The template is not approved, has another number, or other variables than are registered: check it in the vendor's console.",
    },
  ],
  [
    /InsufficientBalance|AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE/,
    {
      zh: '余额或套餐包已用完，请到服务商充值。',
      en: "The balance or the package is used up: top it up in the vendor's console.",
    },
  ],
  [
    /(DAY|BUSINESS)_LIMIT_CONTROL|LimitExceeded/,
    {
      zh: '触发了服务商的频率限制，请稍后再试，或到服务商控制台调整频率设置。',
      en: "A rate limit of the vendor is reached: try again later, or change the limits in the vendor's console.",
    },
  ],
  [
    /BLACKLIST|InBlackList/i,
    {
      zh: '该号码在服务商的黑名单或已退订。',
      en: "This number is on the vendor's blacklist, or has unsubscribed.",
    },
  ],
  [
    /MOBILE_NUMBER|PhoneNumber/i,
    {
      zh: '号码不被服务商接受，请核对；境外号码须开通国际短信。',
      en: 'The vendor does not take this number: check it; foreign numbers need international SMS to be turned on.',
    },
  ],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|timeout/i,
    {
      zh: '无法连接服务商，请检查本机的网络和 DNS。',
      en: 'The vendor cannot be reached: check the network and the DNS of this machine.',
    },
  ],
]
