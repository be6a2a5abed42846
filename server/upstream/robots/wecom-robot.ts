import { answerIn, markdownLine, plainLine, type RobotAdapter, type RobotMessage } from './robot.ts'

const minuteMs = 65_000
/** Twenty a minute; it counts what arrives, which a call can do later than it began. */
const perMinute = 18

/** Of mentions markdown shows single people alone. */
const isMarkdown = ({ mentions }: RobotMessage) => !mentions.all

function textOf(message: RobotMessage): string {
  const { title, lines, mentions } = message
  if (!isMarkdown(message)) return [title, ...lines.map(plainLine)].filter(Boolean).join('\n')
  const names = mentions.people.map(({ userId }) => `<@${userId}>`).join(' ')
  return [title && `**${title}**`, ...lines.map(markdownLine), names].filter(Boolean).join('\n')
}

/** WeCom's group robot (docs/upstream/group-robots.md#wecom). */
export const wecomRobot: RobotAdapter = {
  host: 'qyapi.weixin.qq.com',
  path: /^\/cgi-bin\/webhook\/send$/,
  key: 'key',
  rates: [{ calls: perMinute, withinMs: minuteMs }],
  bodyAtMost: 20_000,
  textAtMost: message => (isMarkdown(message) ? 4096 : 2048),
  takesSecret: false,
  textOf,
  request({ address, message }) {
    const content = textOf(message)
    const body = isMarkdown(message)
      ? { msgtype: 'markdown', markdown: { content } }
      : {
          msgtype: 'text',
          text: {
            content,
            mentioned_list: ['@all', ...message.mentions.people.map(({ userId }) => userId)],
          },
        }
    return { url: address, body }
  },
  read(answer) {
    const [code, said] = answerIn(answer, 'errcode', 'errmsg') ?? []
    if (code === undefined || said === undefined) return undefined
    if (code === 0) return { kind: 'sent' }
    if (code === 45009 || code === 45033) return { kind: 'busy', code, said, afterMs: minuteMs }
    if (code === -1) return { kind: 'busy', code, said, afterMs: 0 }
    return { kind: 'refused', code, said, isConfig: [93000, 93004, 93008, 40001].includes(code) }
  },
}
