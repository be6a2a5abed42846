import type { Words } from '../../../platform/words.ts'
import { explainErrcode } from '../../../upstream/wecom/errors.ts'
import { isBusy, isLimit } from '../../../upstream/wecom/passing.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'

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
const licence: Words = {
  zh: '请到企业微信管理后台为该成员分配接口许可。',
  en: 'Give this member a licence for the API in the WeCom admin console.',
}
const connection: Words = {
  zh: '请检查本机能否访问 qyapi.weixin.qq.com，以及 WISP_OUTBOUND_PROXY 所设的代理是否可用。',
  en: 'Check that this machine reaches qyapi.weixin.qq.com, and that the proxy set in WISP_OUTBOUND_PROXY works.',
}
const openAgent: Words = {
  zh: '请到「系统 → 企业与体检」打开该应用的「消息」用途。',
  en: "Let this agent be used for 'Messages' under 'Corps and check-up'.",
}
const chooseAgent: Words = {
  zh: '请在上方选择一个用于发送消息的企业微信应用。',
  en: 'Choose above the WeCom agent that sends messages.',
}
const replaceAgent: Words = {
  zh: '请重新添加该企业微信应用，或在上方另选一个。',
  en: 'Add this WeCom agent again, or choose another one above.',
}

function errcodeAdvice(errcode: number): Words | undefined {
  const { fix } = explainErrcode(errcode)
  if (fix) return fix
  if (errcode === 81013) return outOfSight
  if (isLimit(errcode)) return limited
  return isBusy(errcode) ? busy : undefined
}

/** Why a card cannot be changed any more (docs/upstream/wecom-cards.md#the-life-of-a-card). */
const whyNoCode: Readonly<Record<string, Words>> = {
  notSent: { zh: '卡片还没有发出', en: 'the card has not been sent yet' },
  noCode: {
    zh: '企业微信没有给出更新这张卡片的 code：不能回答的卡片不能更新',
    en: 'WeCom gave no code for this card: one that cannot be answered cannot be changed',
  },
  codeUsed: {
    zh: '这次发送的更新 code 已经用过（每个只能用一次），该成员也没有再点击过',
    en: 'the code of this send is used (each is good once), and this member has not pressed since',
  },
  codeExpired: { zh: '更新 code 已超过 72 小时', en: 'the code is older than 72 hours' },
  codeUnclear: {
    zh: '另一次更新正在使用它的 code，或中断了、不知是否生效，请一分钟后再试',
    en: 'another update is using its code, or was interrupted so that nobody knows whether it worked: try again in a minute',
  },
}

export const wecomReasons = {
  wecomRefused: {
    words({ errcode, errmsg }: { errcode: number; errmsg: string }): Words {
      const { text } = explainErrcode(errcode)
      return {
        zh: `企业微信 ${errcode} ${text.zh}（${errmsg}）`,
        en: `WeCom ${errcode} ${text.en} (${errmsg})`,
      }
    },
    advice: ({ errcode }: { errcode: number }) => errcodeAdvice(errcode),
  },
  wecomSilent: {
    words: ({ why }: { why: string }): Words => ({
      zh: `企业微信无应答（${why}）`,
      en: `WeCom does not answer (${why})`,
    }),
    advice: connection,
  },
  wecomUnreachable: {
    words: ({ why }: { why: string }): Words => ({
      zh: `企业微信无法连接（${why}）`,
      en: `WeCom cannot be reached (${why})`,
    }),
    advice: connection,
  },
  wecomFileGone: {
    words: ({ name }: { name: string }): Words => ({
      zh: `文件 ${name} 已删除`,
      en: `the file ${name} was deleted`,
    }),
  },
  wecomFileForgotten: {
    words: (): Words => ({
      zh: '企业微信不再认识这个文件',
      en: 'WeCom does not know the file any more',
    }),
  },
  wecomUploadLater: {
    words: (): Words => ({
      zh: '企业微信上传文件的次数已达上限，稍后再传',
      en: 'the limit of uploads to WeCom is reached: the file is uploaded later',
    }),
  },
  wecomUploadSlow: {
    words: (): Words => ({
      zh: '文件上传到企业微信用时过长，稍后发送',
      en: 'the file took too long to upload to WeCom: the message is sent later',
    }),
  },
  wecomOutOfSight: {
    words: (): Words => ({
      zh: '企业微信：成员无效或不在应用可见范围内',
      en: 'WeCom: the member is invalid or outside the visible range of the application',
    }),
    advice: outOfSight,
  },
  wecomDisabled: {
    words: (): Words => ({ zh: '成员已禁用', en: 'the member is disabled' }),
    advice: {
      zh: '请在企业微信管理后台的通讯录里启用该成员后再次发送。',
      en: 'Enable this member in the address book of the WeCom admin console, then send it again.',
    },
  },
  wecomNotActivated: {
    words: (): Words => ({ zh: '成员未激活企业微信', en: 'the member has not activated WeCom' }),
    advice: {
      zh: '请让该成员加入并激活企业微信，激活前看不到消息。',
      en: 'Let this member join and activate WeCom; before that they see no messages.',
    },
  },
  wecomQuit: {
    words: (): Words => ({ zh: '成员已退出企业', en: 'the member has left the company' }),
  },
  wecomExternal: {
    words: (): Words => ({ zh: '外部人员不在企业微信中', en: 'the person is from outside WeCom' }),
    advice: {
      zh: '请改用邮件或短信发送。',
      en: 'Send by mail or SMS.',
    },
  },
  wecomOutOfRange: {
    words: (): Words => ({
      zh: '成员不在应用的可见范围内',
      en: 'the member is outside the visible range of the application',
    }),
    advice: {
      zh: '请到企业微信管理后台「应用管理」打开该应用，把此成员加入可见范围后再次发送。',
      en: 'Open the application in the WeCom admin console (App Management), add this member to its visible range, then send it again.',
    },
  },
  wecomPace: {
    words: (): Words => ({
      zh: '企业微信限一个应用对同一成员每分钟 30 条、每小时 1000 条，超出的稍后发送',
      en: "WeCom's rate limit is 30 messages a minute and 1000 an hour from an application to one member: what exceeds it goes out later",
    }),
  },
  wecomDay: {
    words: (): Words => ({
      zh: '已达到应用每天的人次上限，次日发送',
      en: "the day's limit of person-times of the application is reached: it goes out the next day",
    }),
  },
  wecomUnlicensed: {
    words: (): Words => ({
      zh: '企业微信：成员没有接口许可',
      en: 'WeCom: the member has no licence for the API',
    }),
    advice: licence,
  },
  wecomNoAgent: {
    words: (): Words => ({
      zh: '未配置消息中心的企业微信应用',
      en: 'the message centre has no WeCom agent',
    }),
    advice: chooseAgent,
  },
  wecomAgentClosed: {
    words: ({ agentId }: { agentId: number }): Words => ({
      zh: `企业微信应用 ${agentId} 未配置或未开放消息用途`,
      en: `WeCom agent ${agentId} is not configured, or not open for messages`,
    }),
    advice: openAgent,
  },
  wecomDeaf: {
    words: ({ agentId }: { agentId: number | null }): Words => ({
      zh: `企业微信应用 ${agentId} 还没有设置接收消息，收不到对卡片的点击：请到「系统 → 企业与体检」打开该应用，把「接收消息」的地址、Token 和 EncodingAESKey 粘贴到企业微信管理后台并保存`,
      en: `WeCom agent ${agentId} does not hear what people press on cards: open it under 'Corps and check-up' and paste the address, Token and EncodingAESKey of its callback into the WeCom admin console`,
    }),
  },
  wecomCardNoCode: {
    words: ({ why }: { why: string }): Words => whyNoCode[why] ?? whyNoCode['noCode']!,
  },
  wecomAgentGone: {
    words: ({ agentId }: { agentId: number | null }): Words => ({
      zh: `企业微信应用 ${agentId} 已移除`,
      en: `WeCom agent ${agentId} has been removed`,
    }),
    advice: replaceAgent,
  },
} satisfies Record<string, ReasonText>
export type WecomReason = ReasonOf<typeof wecomReasons>

const texts: [RegExp, Words][] = [
  [/可见范围/, outOfSight],
  [/接口许可/, licence],
  [/无应答|无法连接/, connection],
  [/未开放消息用途/, openAgent],
  [/未配置消息中心/, chooseAgent],
  [/已移除/, replaceAgent],
]

/** Advice on the Chinese texts that were stored before reasons had codes. */
export function wecomTextAdvice(text: string): Words | undefined {
  const errcode = /企业微信 (-?\d+) /.exec(text)?.[1]
  const advice = errcode === undefined ? undefined : errcodeAdvice(Number(errcode))
  return advice ?? texts.find(([pattern]) => pattern.test(text))?.[1]
}
