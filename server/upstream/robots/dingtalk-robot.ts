import { createHmac } from 'node:crypto'
import { answerIn, markdownLine, type RobotAdapter, type RobotMessage } from './robot.ts'

const minuteMs = 65_000
const perMinute = 18
/** A robot that sent too fast is silent for so long. */
const silentMs = 600_000

/** The secret is the key, and stands in what is signed too. */
export function dingtalkSignature(secret: string, at: number): string {
  return createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64')
}

/** Who is mentioned stands in the text too, at the place where it is shown; without a mobile number the name says whom it concerns. */
function textOf({ title, lines, mentions }: RobotMessage): string {
  const people = mentions.people.map(({ mobile, name }) => `@${mobile ?? name}`)
  const who = [...(mentions.all ? ['@所有人'] : []), ...people].join(' ')
  return [title && `### ${title}`, ...lines.map(markdownLine), who].filter(Boolean).join('\n\n')
}

/** DingTalk's custom robot (docs/upstream/group-robots.md#dingtalk). */
export const dingtalkRobot: RobotAdapter = {
  host: 'oapi.dingtalk.com',
  path: /^\/robot\/send$/,
  key: 'access_token',
  rates: [{ calls: perMinute, withinMs: minuteMs }],
  bodyAtMost: 20_000,
  takesSecret: true,
  textOf,
  request({ address, secret, message, at }) {
    const url = new URL(address)
    if (secret) {
      url.searchParams.set('timestamp', String(at))
      url.searchParams.set('sign', dingtalkSignature(secret, at))
    }
    const { title, mentions } = message
    const text = textOf(message)
    const atMobiles = mentions.people.flatMap(({ mobile }) => (mobile ? [mobile] : []))
    // The title is what a notification shows.
    const markdown = { title: title || text.split('\n')[0]!.slice(0, 60), text }
    return {
      url: url.href,
      body: { msgtype: 'markdown', markdown, at: { atMobiles, isAtAll: mentions.all } },
    }
  },
  read(answer) {
    const [code, said] = answerIn(answer, 'errcode', 'errmsg') ?? []
    if (code === undefined || said === undefined) return undefined
    if (code === 0) return { kind: 'sent' }
    if (code === 130101) return { kind: 'busy', code, said, afterMs: silentMs }
    if (code === -1) return { kind: 'busy', code, said, afterMs: 0 }
    return { kind: 'refused', code, said, isConfig: code === 310000 || code === 300001 }
  },
}
