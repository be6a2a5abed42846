import type { Words } from '../../../platform/words.ts'
import type { RobotVendor } from '../../../upstream/robots/robot.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'

export const robotVendorWords: Readonly<Record<RobotVendor, Words>> = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  dingtalk: { zh: '钉钉', en: 'DingTalk' },
  feishu: { zh: '飞书', en: 'Feishu' },
}

const check: Words = {
  zh: '请到「消息中心 → 渠道 → 群机器人」核对地址、密钥，以及群里为机器人设置的关键词和 IP 白名单，并发一条测试消息。',
  en: 'Under Message centre → Channels → Group robots, check the address and the secret, and in the group the keywords and addresses that the robot allows; then send a test message.',
}

export const robotReasons = {
  robotAnswer: {
    words: ({ vendor, errcode, said }: { vendor: string; errcode: number; said: string }): Words => {
      const name = robotVendorWords[vendor as RobotVendor]
      return { zh: `${name.zh}应答 ${errcode}：${said}`, en: `${name.en} answered ${errcode}: ${said}` }
    },
    advice: check,
  },
  robotGone: {
    words: (): Words => ({ zh: '群机器人已删除', en: 'the group robot was deleted' }),
  },
  robotNotGranted: {
    words: (): Words => ({
      zh: '开发者已无权使用这个群机器人',
      en: 'the developer may not use this group robot any more',
    }),
  },
  robotPace: {
    words: (): Words => ({
      zh: '达到群机器人的频率限制，稍后发送',
      en: 'the rate limit of the group robot is reached: it goes out later',
    }),
  },
  robotNotAllowed: {
    words: ({ zh, en }: { zh: string; en: string }): Words => ({ zh, en }),
  },
  robotSilent: {
    words: (): Words => ({
      zh: '群机器人没有应答，无法确认是否已发出',
      en: 'the group robot did not answer: it is unclear whether it went out',
    }),
  },
  robotUnreachable: {
    words: (): Words => ({ zh: '无法连接群机器人', en: 'the group robot cannot be reached' }),
    advice: {
      zh: '请检查本机能否访问机器人的地址，以及 WISP_OUTBOUND_PROXY 所设的代理是否可用。',
      en: 'Check that this machine reaches the address of the robot, and that the proxy set in WISP_OUTBOUND_PROXY works.',
    },
  },
} satisfies Record<string, ReasonText>
export type RobotReason = ReasonOf<typeof robotReasons>
