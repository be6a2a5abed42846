import type { Words } from '../../../platform/words.ts'
import { explainErrcode } from '../../../upstream/official/errors.ts'
import { statusWords } from '../../official/templates/sends/status-words.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'

const map: Words = {
  zh: '请到「公众号 → 群发 → 模板消息」设置消息中心使用的模板。',
  en: "Choose the message centre's template under 'Official accounts → Mass messages → Template messages'.",
}
const link: Words = {
  zh: '请成员关注公众号，并在「我的」中绑定。',
  en: 'Let the member follow the account and link it under Me (我的).',
}
const connection: Words = {
  zh: '请检查本机能否访问 api.weixin.qq.com，以及 WISP_OUTBOUND_PROXY 所设的代理是否可用。',
  en: 'Check that this machine reaches api.weixin.qq.com, and that the proxy set in WISP_OUTBOUND_PROXY works.',
}

export const officialReasons = {
  officialRefused: {
    words({ errcode, errmsg }: { errcode: number; errmsg: string }): Words {
      const { text } = explainErrcode(errcode)
      return { zh: `微信 ${errcode} ${text.zh}（${errmsg}）`, en: `WeChat ${errcode} ${text.en} (${errmsg})` }
    },
    advice: ({ errcode }: { errcode: number }) => explainErrcode(errcode).fix,
  },
  officialSilent: {
    words: (): Words => ({
      zh: '微信无应答，无法确认是否已发出',
      en: 'WeChat did not answer: it is unclear whether it went out',
    }),
    advice: connection,
  },
  officialUnreachable: {
    words: (): Words => ({ zh: '无法连接微信', en: 'WeChat cannot be reached' }),
    advice: connection,
  },
  officialNotDelivered: {
    words: ({ status }: { status: string }): Words => statusWords(status),
  },
  officialNotLinked: {
    words: ({ account }: { account: string }): Words => ({
      zh: `没有绑定公众号 ${account}，或已取消关注`,
      en: `not linked to the official account ${account}, or has left it`,
    }),
    advice: link,
  },
  officialNoAccount: {
    words: (): Words => ({ zh: '没有绑定公众号', en: 'no official account is bound' }),
    advice: { zh: '请先绑定公众号。', en: 'Bind an official account first.' },
  },
  officialAccountGone: {
    words: ({ account }: { account: string }): Words => ({
      zh: `公众号 ${account} 已解绑或停用`,
      en: `the official account ${account} was unbound or disabled`,
    }),
  },
  officialMayNot: {
    words: ({ zh, en }: { zh: string; en: string }): Words => ({ zh, en }),
  },
  officialNoMapping: {
    words: ({ account }: { account: string }): Words => ({
      zh: `公众号 ${account} 没有设置消息中心使用的模板`,
      en: `the official account ${account} has no template for the message centre`,
    }),
    advice: map,
  },
  officialTemplateGone: {
    words: ({ account }: { account: string }): Words => ({
      zh: `公众号 ${account} 的消息中心模板已被删除`,
      en: `the template of the official account ${account} for the message centre was deleted`,
    }),
    advice: map,
  },
} satisfies Record<string, ReasonText>
export type OfficialReason = ReasonOf<typeof officialReasons>
