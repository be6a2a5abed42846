import { optionalIds } from '../../../platform/http/input.ts'
import type { MentionedPerson, RobotMessage, Segment } from '../../../upstream/robots/robot.ts'
import type { ContentInput } from '../channel.ts'
import {
  agentName,
  button,
  content,
  httpUrl,
  mention,
  needed,
  placesIn,
  prefixed,
  title,
  url,
} from '../message-fields.ts'

export const robotsAtMost = 20

export const robotFields = {
  toRobot: optionalIds(
    {
      zh: '群机器人 id 列表，| 分隔，最多 20 个；发送方式为 5 时必填，不与 toUser、toParty、toTag 一起使用',
      en: 'Ids of group robots, separated by |, at most 20; needed when sendType is 5, and not beside toUser, toParty and toTag',
    },
    { max: robotsAtMost },
  ),
  mention,
  agentName,
  title,
  content,
  url,
}

export type RobotContent = {
  robots: string[]
  title: string
  text: string
  url: string
  mention: string[]
}

/** Throws 1000 and 1001. */
export function robotContent(given: ContentInput): { content: RobotContent; truncated: string[] } {
  const { mention = [] } = given as { mention?: string[] }
  const robots = placesIn(given, 'toRobot', '5')
  const link = given['url'] as string | undefined
  const heading = (given['title'] as string | undefined) ?? ''
  return {
    content: {
      robots,
      title: prefixed(given.agentName, heading),
      text: needed('content', given['content'] as string | undefined),
      url: link ? httpUrl('url', link) : '',
      mention: [...new Set(mention)],
    },
    truncated: [],
  }
}

/** `**bold**` and `[words](https://…)`; all else is text. */
const markup = /\*\*(?<bold>[^*\n]+)\*\*|\[(?<words>[^\]\n]+)\]\((?<href>https?:\/\/[^\s)]+)\)/g

export function segmentsOf(line: string): Segment[] {
  const found: Segment[] = []
  let at = 0
  for (const match of line.matchAll(markup)) {
    if (match.index > at) found.push({ text: line.slice(at, match.index) })
    const { bold, words, href } = match.groups as Record<string, string | undefined>
    if (bold !== undefined) found.push({ text: bold, isBold: true })
    else if (words !== undefined && href !== undefined) found.push({ text: words, href })
    at = match.index + match[0].length
  }
  if (at < line.length) found.push({ text: line.slice(at) })
  return found
}

/** What a vendor's adapter is given; its link is the last line. */
export function robotMessage(
  { title: heading, text, url: link, mention }: RobotContent,
  people: readonly MentionedPerson[],
): RobotMessage {
  const lines = text.split('\n').map(segmentsOf)
  return {
    title: heading,
    lines: link ? [...lines, [{ text: button, href: link }]] : lines,
    mentions: { all: mention.includes('@all'), people },
  }
}
