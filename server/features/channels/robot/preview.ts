import { type Static, Type } from 'typebox'
import { robotVendors } from '../../../upstream/robots/robots.ts'
import { type RobotContent, robotMessage } from './content.ts'
import type { Robots } from './robots-store.ts'

/** `lines` as groups show them; `dialects` is the text that each vendor is given, and for which robots. */
export const robotPreviewSchema = Type.Object({
  channel: Type.Literal('robot'),
  title: Type.String(),
  lines: Type.Array(
    Type.Array(
      Type.Object({
        text: Type.String(),
        isBold: Type.Optional(Type.Boolean()),
        href: Type.Optional(Type.String()),
      }),
    ),
  ),
  mention: Type.Array(Type.String()),
  dialects: Type.Array(
    Type.Object({
      vendor: Type.Enum(['wecom', 'dingtalk', 'feishu']),
      names: Type.Array(Type.String()),
      text: Type.String(),
    }),
  ),
})
export type RobotPreview = Static<typeof robotPreviewSchema>

/** Returns the preview of a message to a group robot; mentions are shown by userid. */
export function robotPreview(content: RobotContent, robots: Robots | undefined): RobotPreview {
  const people = content.mention.filter(one => one !== '@all').map(userId => ({ userId, name: userId }))
  const message = robotMessage(content, people)
  const meant = content.robots.flatMap(id => robots?.get(id) ?? [])
  return {
    channel: 'robot',
    title: message.title,
    lines: message.lines.map(line => line.map(one => ({ ...one }))),
    mention: content.mention,
    dialects: [...Map.groupBy(meant, one => one.vendor)].map(([vendor, own]) => ({
      vendor,
      names: own.map(one => one.name),
      text: robotVendors[vendor].textOf(message),
    })),
  }
}
