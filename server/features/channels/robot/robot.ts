import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { robotVendors } from '../../../upstream/robots/robots.ts'
import type { Channel, PlaceSender } from '../channel.ts'
import { button, mentionedBy } from '../message-fields.ts'
import { type RobotContent, robotContent, robotFields, robotMessage } from './content.ts'
import { sendByRobot } from './deliver.ts'
import { holdAtRate } from './pace-store.ts'
import { robotPreview, robotPreviewSchema } from './preview.ts'
import { robotReasons, robotVendorWords } from './reasons.ts'
import { type Robot, type Robots, readRobots } from './robots-store.ts'

/** Robots of group chats of WeCom, DingTalk and Feishu. */
export const robot = {
  label: { zh: '群机器人', en: 'Group robot' },
  sendType: { value: '5', word: { zh: '群机器人', en: 'group robot' } },
  feature: 'group-robots',
  reasons: robotReasons,
  settings: {
    fields: {},
    takes: { zh: '一个群机器人', en: 'a group robot' },
    isReady: (_settings, _corp, robots) => (robots?.size ?? 0) > 0,
    isBegun: () => false,
  },
  readExtra: readRobots,
  fields: robotFields,
  takes: () => ({ feature: 'group-robots', since: '0162-group-robots.sql' }),
  compose: robotContent,
  placeInputs: { receivers: 'toRobot', others: ['mention'], invalid: 'invalidrobot' },
  placesOf(setup, content, by) {
    const found = content.robots.map(id => [id, setup.extra?.get(id)] as const)
    const places: Robot[] = []
    const invalid: string[] = []
    for (const [id, one] of found) {
      if (one && (by.isOperator || one.devIds.includes(by.devId))) places.push(one)
      else invalid.push(id)
    }
    // Whether somebody else's robot exists is not told.
    if (places.length === 0)
      throw new ApiError('badParameter', {
        zh: told`toRobot：没有可用的群机器人 ${invalid.join('|')}`,
        en: told`toRobot: there are no group robots ${invalid.join('|')} that you may use`,
      })
    checkFits(places, content, by)
    return { places, invalid }
  },
  placeChoice: { input: 'toRobot', all: ({ extra }) => [...(extra?.values() ?? [])] },
  placeName: ({ extra }, id) => extra?.get(id)?.name,
  sample: { title: '测试', content: '这是一条测试消息。' },
  previewSchemas: [robotPreviewSchema],
  preview: (content, { extra }) => robotPreview(content, extra),
  read: ({ title, text, url }) => ({ title, text, url, button: url ? button : '', picUrl: '' }),
  partSize: 1,
  callsAtMost: 16,
  usualMs: 500,
  missing: () => undefined,
  async prepare(ctx, tx, parts) {
    await holdAtRate(ctx, tx, parts)
    return []
  },
  send: sendByRobot,
} as const satisfies Channel<unknown, RobotContent, Robots>

/** Throws 1000 and 1007: a message is not cut, because half of an alarm may say the opposite. */
function checkFits(places: readonly Robot[], content: RobotContent, { nameOf }: PlaceSender): void {
  const message = robotMessage(content, mentionedBy(content.mention, nameOf))
  for (const { id, name, vendor } of places) {
    const adapter = robotVendors[vendor]
    const atMost = adapter.textAtMost?.(message) ?? adapter.bodyAtMost
    const body = adapter.request({ address: 'https://x/', secret: null, message, at: 0 }).body
    const bytes = Buffer.byteLength(adapter.textAtMost ? adapter.textOf(message) : JSON.stringify(body))
    if (bytes <= atMost) continue
    const words = robotVendorWords[vendor]
    throw new ApiError('badParameter', {
      zh: told`content：群机器人 ${id}（${name}）的内容共 ${own(bytes)} 字节，${own(words.zh)}最多 ${own(atMost)} 字节`,
      en: told`content: ${own(bytes)} bytes for the group robot ${id} (${name}); ${own(words.en)} takes ${own(atMost)} at most`,
    })
  }
}
