import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { pushSchema, samplePush } from './push-wire.ts'

/** What WeChat pushes to official accounts. */
export const officialEvents = {
  'official.event': {
    title: { zh: '公众号推送', en: 'A push of an official account' },
    when: {
      zh: '粉丝给公众号发消息、关注、点菜单，或微信报告群发等结果时；只告诉可以使用该公众号的开发者，重放的推送编号不变',
      en: 'When a follower writes, follows or uses the menu, or WeChat reports a result; told to developers who may use the account. A replayed push keeps its id',
    },
    scope: 'official:read',
    data: pushSchema,
    sample: samplePush,
  },
} as const satisfies EventTypes
