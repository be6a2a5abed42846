import { createHmac } from 'node:crypto'
import { answerIn, plainLine, type RobotAdapter, type RobotMessage, type Segment } from './robot.ts'

const minuteMs = 65_000

/** What would be signed is the key, and nothing is signed by it: the reverse of DingTalk's. `seconds` since 1970, as text. */
export function feishuSignature(secret: string, seconds: string): string {
  return createHmac('sha256', `${seconds}\n${secret}`).digest('base64')
}

/** Feishu's own ids of people are unknown here, so that they are named and not called. */
const namesOf = ({ mentions }: RobotMessage) => mentions.people.map(({ name }) => `@${name}`).join(' ')

type Tag = { tag: 'text'; text: string; style?: string[] } | { tag: 'a'; text: string; href: string }

function tagOf({ text, href, isBold }: Segment): Tag {
  if (href) return { tag: 'a', text, href }
  return { tag: 'text', text, ...(isBold ? { style: ['bold'] } : {}) }
}

/** Feishu's custom robot (docs/upstream/group-robots.md#feishu). */
export const feishuRobot: RobotAdapter = {
  host: 'open.feishu.cn',
  path: /^\/open-apis\/bot\/v2\/hook\/[\w-]{8,}$/,
  rates: [
    { calls: 90, withinMs: minuteMs },
    { calls: 4, withinMs: 1000 },
  ],
  bodyAtMost: 20_000,
  takesSecret: true,
  textOf: message => {
    const names = [message.mentions.all ? '@所有人' : '', namesOf(message)].filter(Boolean).join(' ')
    return [message.title, ...message.lines.map(plainLine), names].filter(Boolean).join('\n')
  },
  request({ address, secret, message, at }) {
    const names = namesOf(message)
    const who = [
      ...(message.mentions.all ? [{ tag: 'at', user_id: 'all' }] : []),
      ...(names ? [{ tag: 'text', text: names }] : []),
    ]
    const rows: object[][] = message.lines.map(line => line.map(tagOf))
    const content = who.length > 0 ? [...rows, who] : rows
    const timestamp = String(Math.floor(at / 1000))
    const signed = secret ? { timestamp, sign: feishuSignature(secret, timestamp) } : {}
    const post = { zh_cn: { title: message.title, content } }
    return { url: address, body: { ...signed, msg_type: 'post', content: { post } } }
  },
  read(answer) {
    const [code, said] = answerIn(answer, 'code', 'msg') ?? []
    if (code === undefined || said === undefined) return undefined
    if (code === 0) return { kind: 'sent' }
    if (code === 11232) return { kind: 'busy', code, said, afterMs: minuteMs }
    return { kind: 'refused', code, said, isConfig: [19001, 19021, 19022, 19024].includes(code) }
  },
}
