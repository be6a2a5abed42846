import { ApiError } from '../../../platform/http/errors.ts'
import { optionalIds } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import type { MentionedPerson, RobotMessage, Segment } from '../../../upstream/robots/robot.ts'
import type { ContentInput } from '../channel.ts'
import { agentName, button, content, httpUrl, needed, prefixed, title, url } from '../message-fields.ts'

export const robotsAtMost = 20
const mentionsAtMost = 50

export const robotFields = {
  toRobot: optionalIds(
    {
      zh: '群机器人 id 列表，| 分隔，最多 20 个；发送方式为 5 时必填，不与 toUser、toParty、toTag 一起使用',
      en: 'Ids of group robots, separated by |, at most 20; needed when sendType is 5, and not beside toUser, toParty and toTag',
    },
    { max: robotsAtMost },
  ),
  mention: optionalIds(
    {
      zh: '在群里提及的成员 ID，| 分隔，最多 50；@all 为群里所有人',
      en: 'Ids of members who are mentioned in the group, separated by |, at most 50; @all is everybody in it',
    },
    { max: mentionsAtMost },
  ),
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
  const { toRobot = [], mention = [] } = given as { toRobot?: string[]; mention?: string[] }
  for (const name of ['toUser', 'toParty', 'toTag'])
    if ((given[name] as string[] | undefined)?.length)
      throw new ApiError('badParameter', {
        zh: 'sendType 为 5 时只填 toRobot，不填 toUser、toParty、toTag',
        en: 'with sendType 5 give toRobot, and neither toUser, toParty nor toTag',
      })
  if (toRobot.length === 0) throw new ApiError('missingParameter', told`toRobot`)
  const link = given['url'] as string | undefined
  const heading = (given['title'] as string | undefined) ?? ''
  return {
    content: {
      robots: [...new Set(toRobot)],
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
