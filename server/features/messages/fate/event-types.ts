import { Type } from 'typebox'
import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { sampleStatus, statusSchema } from './status-schema.ts'

const { attempts: _, ...fields } = statusSchema.properties
const { attempts: _tried, ...sample } = sampleStatus

/** What becomes of a developer's own messages. */
export const messageEvents = {
  'message.result': {
    title: { zh: '消息有了结果', en: 'Something became of a message' },
    when: {
      zh: '消息送达、部分失败、失败、撤回，或短信有了回执时；同一消息可能有多次，以最后一次为准。failed 最多 100 个，其余用 /api/message/status 查询',
      en: 'When a message is sent, fails in part or whole, is recalled, or a receipt came; a message can have several, of which the last counts. failed has at most 100; /api/message/status has the rest',
    },
    data: Type.Object({
      ...fields,
      requestId: Type.String({ about: { zh: '发送时的 requestId', en: 'The requestId of the send' } }),
    }),
    sample: { ...sample, requestId: 'leave-2026-1024' },
  },
} as const satisfies EventTypes
