import type { Words } from '../../../platform/words.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'

const otherMember: Words = {
  zh: '请换一名有手机号的成员，或直接填写手机号。',
  en: 'Choose a member with a mobile number, or type a number.',
}
const configure: Words = {
  zh: '请先填写并保存短信服务商，并登记模板。',
  en: 'Fill in and save the SMS vendor first, and register the template.',
}

/** In place of the answer of a host in our own network, which nobody is shown. */
export const innerAnswer = 'INNER'

export const smsReasons = {
  /** The vendor's answer. */
  smsAnswer: {
    words: ({ answer, said }: { answer: string; said: string }) => `${answer} ${said}`,
    advice: ({ answer, said }: { answer: string; said: string }) =>
      smsTextAdvice(answer) ?? smsTextAdvice(said),
  },
  /** The vendor did not answer. `said`: what became of the connection. */
  smsSilent: {
    words: ({ said }: { said: string }) => said,
    advice: ({ said }: { said: string }) => smsTextAdvice(said),
  },
  /** The policy for outgoing calls does not allow the address. */
  smsNotAllowed: {
    words: ({ zh, en }: Words): Words => ({ zh: `短信接口 ${zh}`, en: `SMS address: ${en}` }),
  },
  /** What became of the connection is told in the log alone. */
  smsUnreachable: {
    words: (): Words => ({ zh: '连不上短信接口地址', en: 'the SMS address cannot be reached' }),
    advice: {
      zh: '请核对「接口地址」：须为 https，证书与主机名一致，并确认防火墙放行；详情见 wisp 的日志。',
      en: "Check 'API address': it must be https with a certificate for its name, and the firewall must let it through. wisp's log has the details.",
    },
  },
  /** A host in our own network answered, and its answer is not shown. */
  smsInner: {
    words: (): Words => ({
      zh: '短信接口没有接受，或应答不明；它在内网，应答不显示',
      en: 'the SMS address did not accept it, or its answer is not clear; it is in the internal network, so its answer is not shown',
    }),
    advice: {
      zh: '请安装者把该主机列入 WISP_OUTBOUND_ALLOW，再测试一次即可看到应答。',
      en: 'Once the owner of this installation lists the host in WISP_OUTBOUND_ALLOW, another test shows its answer.',
    },
  },
  smsNoVendor: {
    words: (): Words => ({ zh: '未配置短信服务商', en: 'no SMS vendor is configured' }),
    advice: configure,
  },
  smsNotSetUp: {
    words: (): Words => ({
      zh: '短信服务商或模板未配置',
      en: 'the SMS vendor or template is not configured',
    }),
    advice: configure,
  },
  /** Between the moment when it was written down by which account it goes, and its call. */
  smsChanged: {
    words: (): Words => ({
      zh: '短信服务商刚改为另一个账号，稍后发送',
      en: 'the SMS vendor has just been changed to another account: sent a little later',
    }),
  },
  smsOtherParams: {
    words: ({ templateId }: { templateId: string }): Words => ({
      zh: `短信模板 ${templateId} 的变量数量已变`,
      en: `SMS template ${templateId} now has another number of variables`,
    }),
  },
  /** The vendor has no id of this template, or takes words that are not registered. */
  smsNoTemplate: {
    words: ({ templateId }: { templateId: string }): Words => ({
      zh: `短信模板 ${templateId} 没有这家服务商的编号（网关须有模板内容）`,
      en: `SMS template ${templateId} has no id at this vendor (a gateway needs its text)`,
    }),
    advice: {
      zh: '请在「短信模板」中为这家服务商填写模板编号，或填写模板内容。',
      en: "Fill in this vendor's template id, or the text, in SMS templates.",
    },
  },
  /** No call was made: the part is divided. */
  smsTooMany: {
    words: ({ size }: { size: number }): Words => ({
      zh: `这家服务商一次最多 ${size} 个号码，分开发送`,
      en: `this vendor takes ${size} numbers a call: sent in several`,
    }),
  },
  smsNoMobile: {
    words: (): Words => ({ zh: '没有手机号', en: 'no mobile number' }),
    advice: otherMember,
  },
  smsBadMobile: {
    words: (): Words => ({ zh: '手机号无效', en: 'the mobile number is invalid' }),
    advice: otherMember,
  },
  smsGone: {
    words: (): Words => ({
      zh: '成员已离开或没有手机号',
      en: 'the member has left or has no mobile number',
    }),
    advice: otherMember,
  },
} satisfies Record<string, ReasonText>
export type SmsReason = ReasonOf<typeof smsReasons>

/**
 * Advice on the vendor's own code, and on the texts that were stored before reasons had codes, which begin with the
 * vendor's or are ours.
 */
export function smsTextAdvice(text: string): Words | undefined {
  return texts.find(([pattern]) => pattern.test(text))?.[1]
}

const texts: [RegExp, Words][] = [
  [/没有手机号|手机号无效/, otherMember],
  [/未配置/, configure],
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
